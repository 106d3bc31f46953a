namespace FerMl.Vision;

/// <summary>A model's accuracy on faces corrupted with one severity.</summary>
/// <param name="Severity">The severity, in the corruption's unit; the first point is of uncorrupted faces.</param>
/// <param name="Accuracy">Accuracy, 0..1.</param>
/// <param name="AccuracyLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="AccuracyHigh">Upper end.</param>
/// <param name="MacroF1">Mean F1 over the labels that occur.</param>
public sealed record RobustnessPoint(double Severity, double Accuracy, double AccuracyLow, double AccuracyHigh, double MacroF1);
