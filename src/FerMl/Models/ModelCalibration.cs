namespace FerMl;

/// <summary>How a model's confidence was set right after training.</summary>
/// <param name="Temperature">
/// What its logits are divided by; 1 for nothing. Of an ensemble: what the members' temperatures were multiplied by.
/// </param>
/// <param name="Faces">Number of validation faces that it was fitted on.</param>
/// <param name="ErrorBefore">Expected calibration error on them before, 0..1: of a network just trained, at temperature 1.</param>
/// <param name="ErrorAfter">The same at the fitted temperature. It was fitted there, so it is a little too good.</param>
/// <param name="IsClamped">Whether the temperature ended at its bound, 0.25 or 4, and so doesn't set the confidence right.</param>
public sealed record ModelCalibration(double Temperature, int Faces, double ErrorBefore, double ErrorAfter, bool IsClamped = false);
