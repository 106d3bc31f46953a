using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>The ranges of a network's activations.</summary>
internal static class ActivationRanges
{
    /// <summary>
    /// The share of numbers to cut off at each end of a range; the other numbers gain more precision than this loses. Of 0 and the powers
    /// of ten from 0.000001 to 0.001, this share changes the scores of training faces, and the detector's logits, least
    /// (docs/development/decisions/int8-and-test-time-augmentation.md).
    /// </summary>
    private const double Outside = 1e-5;

    /// <summary>Measures the ranges.</summary>
    /// <param name="model">The network.</param>
    /// <param name="names">The tensors to measure.</param>
    /// <param name="batches">The pixel values to measure on.</param>
    /// <returns>The range of each tensor, which includes 0.</returns>
    public static IReadOnlyDictionary<string, (float Low, float High)> Of(
        ModelProto model, IReadOnlyList<string> names, IEnumerable<PixelBatch> batches)
    {
        using var probe = new OnnxProbe(model, names);
        var histograms = names.ToDictionary(name => name, _ => new ActivationHistogram());
        foreach (var batch in batches)
        {
            using var outputs = probe.Run(batch);
            Parallel.ForEach(names.Index(), name => histograms[name.Item].Add(outputs[name.Index].GetTensorDataAsSpan<float>()));
        }
        return histograms.ToDictionary(pair => pair.Key, pair => (pair.Value.Lowest(Outside), pair.Value.Highest(Outside)));
    }
}
