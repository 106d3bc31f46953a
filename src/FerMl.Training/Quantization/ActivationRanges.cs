using FerMl.Training.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>What numbers occur in a network where faces go through it.</summary>
internal static class ActivationRanges
{
    private const int BatchSize = 16;
    private const int FloatType = 1;

    /// <summary>Measures.</summary>
    /// <param name="model">The network.</param>
    /// <param name="names">The tensors in it.</param>
    /// <param name="faces">The faces, 2,304 gray levels each, one or more.</param>
    /// <param name="outside">The share of numbers beyond each end of a range.</param>
    /// <returns>The range of each tensor; 0 lies in it.</returns>
    public static IReadOnlyDictionary<string, (float Low, float High)> Of(
        ModelProto model, IReadOnlyList<string> names, IReadOnlyList<byte[]> faces, double outside)
    {
        var observed = model.Clone();
        observed.Graph.Output.Add(names.Select(name => new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = FloatType } },
        }));
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OnnxMemory.Limit(options);
        using var session = new InferenceSession(observed.ToByteArray(), options);
        using var run = new RunOptions();
        var histograms = names.ToDictionary(name => name, _ => new ActivationHistogram());
        foreach (var batch in faces.Chunk(BatchSize))
        {
            var pixels = Array.ConvertAll(batch.SelectMany(face => face).ToArray(), level => (float)level);
            using var input = OrtValue.CreateTensorValueFromMemory(
                pixels, [batch.Length, 1, FaceResampler.Side, FaceResampler.Side]);
            using var outputs = session.Run(run, [EmotionNetwork.InputName], [input], names);
            Parallel.ForEach(names.Index(), name => histograms[name.Item].Add(outputs[name.Index].GetTensorDataAsSpan<float>()));
        }
        return histograms.ToDictionary(pair => pair.Key, pair => (pair.Value.Lowest(outside), pair.Value.Highest(outside)));
    }
}
