namespace FerMl.Vision;

/// <summary>How well a model does on faces made worse.</summary>
/// <param name="Severity">How much worse, in the corruption's own unit; the first point is of faces as they are.</param>
/// <param name="Accuracy">Share named rightly, 0..1.</param>
/// <param name="AccuracyLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="AccuracyHigh">Upper end.</param>
/// <param name="MacroF1">Mean F1 over the labels that occur.</param>
public sealed record RobustnessPoint(double Severity, double Accuracy, double AccuracyLow, double AccuracyHigh, double MacroF1);
