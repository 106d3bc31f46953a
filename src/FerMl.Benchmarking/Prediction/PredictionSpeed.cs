namespace FerMl.Benchmarking;

/// <summary>How fast a model tells emotions on this machine.</summary>
/// <param name="P50Ms">Milliseconds for one face on one processor, the median.</param>
/// <param name="P95Ms">The same, 95 of a hundred times not more.</param>
/// <param name="FacesPerSecond">Faces in a second where there are many, on all processors.</param>
/// <param name="FirstPredictionMs">
/// Milliseconds from the network's bytes to its first prediction, in a program that has scored faces before; the median.
/// </param>
/// <param name="Accuracy">Accuracy on the faces that were given, 0..1, or null where none were.</param>
/// <param name="AccuracyDelta">
/// By how much that differs from the accuracy of the network as it was trained, or null where the model doesn't have that.
/// </param>
internal sealed record PredictionSpeed(
    double P50Ms, double P95Ms, double FacesPerSecond, double FirstPredictionMs, double? Accuracy = null, double? AccuracyDelta = null);
