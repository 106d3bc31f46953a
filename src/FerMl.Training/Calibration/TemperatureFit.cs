namespace FerMl.Training;

/// <summary>A fitted temperature.</summary>
/// <param name="Temperature">What logits are divided by.</param>
/// <param name="IsClamped">Whether it ended at a bound, so that it doesn't set the confidence right.</param>
internal readonly record struct TemperatureFit(double Temperature, bool IsClamped);
