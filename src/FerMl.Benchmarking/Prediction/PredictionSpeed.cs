namespace FerMl.Benchmarking;

/// <summary>The inference speed of a model on this machine.</summary>
/// <param name="P50Ms">Latency of one face on one processor in milliseconds: the median.</param>
/// <param name="P95Ms">The 95th percentile of this latency.</param>
/// <param name="FacesPerSecond">Faces per second in batches on all processors.</param>
/// <param name="FirstPredictionMs">
/// Median time from the network's bytes to its first prediction in milliseconds, in a process that has already scored faces.
/// </param>
/// <param name="Accuracy">Accuracy on the given faces, 0..1, or null without faces.</param>
/// <param name="AccuracyDelta">
/// Difference to the accuracy of the float32 model, or null if the model file doesn't contain it.
/// </param>
internal sealed record PredictionSpeed(
    double P50Ms, double P95Ms, double FacesPerSecond, double FirstPredictionMs, double? Accuracy = null, double? AccuracyDelta = null);
