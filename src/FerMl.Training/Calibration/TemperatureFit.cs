namespace FerMl.Training;

/// <summary>A fitted temperature.</summary>
/// <param name="Temperature">The divisor of the logits.</param>
/// <param name="IsClamped">Whether the fit ended at a bound, so that it doesn't calibrate the confidence.</param>
internal readonly record struct TemperatureFit(double Temperature, bool IsClamped);
