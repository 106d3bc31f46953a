namespace FerMl.Benchmarking;

/// <summary>The evaluation of a network on a split, with dropout off.</summary>
/// <param name="Faces">Number of faces.</param>
/// <param name="Accuracy">Accuracy, 0..1.</param>
/// <param name="AccuracyLow">Lower end of the 95 % interval (Wilson).</param>
/// <param name="AccuracyHigh">Upper end of the interval.</param>
/// <param name="Loss">Mean cross-entropy in nats.</param>
/// <param name="MacroF1">Mean F1 over the labels, 0..1.</param>
internal sealed record SplitResult(int Faces, double Accuracy, double AccuracyLow, double AccuracyHigh, double Loss, double MacroF1)
{
    internal static SplitResult Of(EmotionMetrics metrics) =>
        new(metrics.Count, metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.LogLoss, metrics.MacroF1);
}
