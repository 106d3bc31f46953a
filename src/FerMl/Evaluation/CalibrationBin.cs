namespace FerMl;

/// <summary>The faces whose confidence lies in one range.</summary>
/// <param name="From">Lower end of the range, 0..1, not in it.</param>
/// <param name="To">Upper end, in it.</param>
/// <param name="Count">Number of faces.</param>
/// <param name="Confidence">Their mean confidence, 0..1; NaN where there is none.</param>
/// <param name="Accuracy">Share of them that is right, 0..1; NaN where there is none.</param>
public sealed record CalibrationBin(double From, double To, int Count, double Confidence, double Accuracy);
