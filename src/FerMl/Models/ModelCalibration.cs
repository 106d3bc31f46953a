namespace FerMl;

/// <summary>How a model's confidence was calibrated after training.</summary>
/// <param name="Temperature">
/// The divisor of the logits; 1 changes nothing. For an ensemble, the factor that the members' temperatures were multiplied by.
/// </param>
/// <param name="Faces">Number of validation faces that the temperature was fitted on.</param>
/// <param name="ErrorBefore">Expected calibration error on these faces before the fit, 0..1; for a new network, at temperature 1.</param>
/// <param name="ErrorAfter">The same at the fitted temperature; slightly optimistic, since it was fitted on these faces.</param>
/// <param name="IsClamped">Whether the temperature is at its bound, 0.25 or 4, and so doesn't calibrate the confidence.</param>
public sealed record ModelCalibration(double Temperature, int Faces, double ErrorBefore, double ErrorAfter, bool IsClamped = false);
