namespace FerMl.Vision;

/// <summary>A model's accuracy over the severity of one corruption.</summary>
/// <param name="Corruption">The corruption.</param>
/// <param name="Unit">The unit of a severity.</param>
/// <param name="Points">The points: uncorrupted faces first, then each severity.</param>
public sealed record RobustnessCurve(Corruption Corruption, string Unit, IReadOnlyList<RobustnessPoint> Points);
