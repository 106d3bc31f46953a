namespace FerMl.Vision;

/// <summary>How a model's accuracy falls with growing strength of one distortion.</summary>
/// <param name="Distortion">The distortion.</param>
/// <param name="Unit">What a strength is.</param>
/// <param name="Points">Faces as they are, and each strength.</param>
public sealed record RobustnessCurve(Distortion Distortion, string Unit, IReadOnlyList<RobustnessPoint> Points);
