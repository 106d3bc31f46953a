using FerMl.Training.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// The logits of a network as it was exported, half precision and views included, computed by the runtime that will run it: a copy of the
/// graph that also gives out what goes into each softmax.
/// </summary>
internal static class OnnxLogits
{
    private const int BatchSize = 16;

    /// <summary>Logits over the temperatures that the network has: at 1 their scores are the network's.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="faces">The faces, 2,304 gray levels each.</param>
    /// <param name="classes">Number of labels.</param>
    /// <exception cref="InvalidDataException">The network has no softmax, or not one that FerMl writes.</exception>
    public static IReadOnlyList<WeightedLogits> Of(ReadOnlyMemory<byte> onnx, IReadOnlyList<byte[]> faces, int classes)
    {
        var model = OnnxFile.Parse(onnx);
        var places = OnnxTemperature.Find(model.Graph);
        foreach (var place in places)
            model.Graph.Output.Add(new ValueInfoProto
            {
                Name = place.Node.Input[0],
                Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = 1 } },
            });
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OnnxMemory.Limit(options);
        using var session = new InferenceSession(model.ToByteArray(), options);
        string[] names = [.. places.Select(place => place.Node.Input[0])];
        var views = new List<float[]>[places.Count];
        for (var first = 0; first < faces.Count; first += BatchSize)
            Append(session, names, [.. faces.Skip(first).Take(BatchSize)], classes, first, faces.Count, views);
        return [.. views.SelectMany(ofPlace => ofPlace.Select(logits => new WeightedLogits(logits, 1.0 / places.Count / ofPlace.Count)))];
    }

    private static void Append(
        InferenceSession session, string[] names, byte[][] faces, int classes, int first, int total, List<float[]>[] views)
    {
        const int side = FaceResampler.Side;
        var pixels = Array.ConvertAll(faces.SelectMany(face => face).ToArray(), level => (float)level);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [faces.Length, 1, side, side]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [EmotionNetwork.InputName], [input], names);
        for (var place = 0; place < names.Length; place++)
        {
            // The views of all faces stand one after the other: [views * faces, classes].
            var values = outputs[place].GetTensorDataAsSpan<float>();
            var length = faces.Length * classes;
            if (values.Length == 0 || values.Length % length != 0)
                throw new InvalidDataException($"it gives {values.Length} logits for {faces.Length} faces and {classes} labels");
            views[place] ??= [.. Enumerable.Range(0, values.Length / length).Select(_ => new float[total * classes])];
            for (var view = 0; view < views[place].Count; view++)
                values.Slice(view * length, length).CopyTo(views[place][view].AsSpan(first * classes));
        }
    }
}
