using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>The ranges of a network's activations on faces.</summary>
internal static class ActivationRanges
{
    /// <summary>Measures the ranges.</summary>
    /// <param name="model">The network.</param>
    /// <param name="names">The tensors to measure.</param>
    /// <param name="faces">At least one face, 2,304 pixel values each.</param>
    /// <param name="outside">The share of numbers to cut off at each end of a range.</param>
    /// <returns>The range of each tensor, which includes 0.</returns>
    public static IReadOnlyDictionary<string, (float Low, float High)> Of(
        ModelProto model, IReadOnlyList<string> names, IReadOnlyList<byte[]> faces, double outside)
    {
        using var probe = new OnnxProbe(model, names);
        var histograms = names.ToDictionary(name => name, _ => new ActivationHistogram());
        foreach (var batch in faces.Chunk(OnnxProbe.BatchSize))
        {
            using var outputs = probe.Run(batch);
            Parallel.ForEach(names.Index(), name => histograms[name.Item].Add(outputs[name.Index].GetTensorDataAsSpan<float>()));
        }
        return histograms.ToDictionary(pair => pair.Key, pair => (pair.Value.Lowest(outside), pair.Value.Highest(outside)));
    }
}
