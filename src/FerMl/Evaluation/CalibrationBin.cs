namespace FerMl;

/// <summary>A confidence bin of a reliability diagram.</summary>
/// <param name="From">Lower end of the confidence range, 0..1, exclusive.</param>
/// <param name="To">Upper end of the confidence range, inclusive.</param>
/// <param name="Count">Number of faces whose confidence is in the range.</param>
/// <param name="Confidence">Mean confidence of these faces, 0..1; NaN if there are none.</param>
/// <param name="Accuracy">Share of these faces that is classified correctly, 0..1; NaN if there are none.</param>
public sealed record CalibrationBin(double From, double To, int Count, double Confidence, double Accuracy);
