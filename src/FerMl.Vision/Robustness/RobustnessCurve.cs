namespace FerMl.Vision;

/// <summary>How a model's accuracy falls with growing severity of one corruption.</summary>
/// <param name="Corruption">The corruption.</param>
/// <param name="Unit">What a severity is.</param>
/// <param name="Points">Faces as they are, and each severity.</param>
public sealed record RobustnessCurve(Corruption Corruption, string Unit, IReadOnlyList<RobustnessPoint> Points);
