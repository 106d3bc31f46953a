namespace FerMl.Benchmarking;

/// <summary>How a network does on a part of the data, with its dropout off.</summary>
/// <param name="Faces">Number of faces.</param>
/// <param name="Accuracy">Share that it gets right, 0..1.</param>
/// <param name="AccuracyLow">Lower end of the 95 % interval (Wilson).</param>
/// <param name="AccuracyHigh">Its upper end.</param>
/// <param name="Loss">Mean cross-entropy in nats.</param>
/// <param name="MacroF1">Mean of the labels' F1, 0..1.</param>
internal sealed record SplitResult(int Faces, double Accuracy, double AccuracyLow, double AccuracyHigh, double Loss, double MacroF1)
{
    internal static SplitResult Of(EmotionMetrics metrics) =>
        new(metrics.Count, metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.LogLoss, metrics.MacroF1);
}
