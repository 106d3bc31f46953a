using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>What numbers occur in a network where faces go through it.</summary>
internal static class ActivationRanges
{
    /// <summary>Measures.</summary>
    /// <param name="model">The network.</param>
    /// <param name="names">The tensors in it.</param>
    /// <param name="faces">The faces, 2,304 pixel values each, one or more.</param>
    /// <param name="outside">The share of numbers beyond each end of a range.</param>
    /// <returns>The range of each tensor; 0 lies in it.</returns>
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
