namespace FerMl.Reporting;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points, from left to right.</param>
/// <param name="IsDashed">Whether it is dashed, for values that were not measured here.</param>
public sealed record ChartLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsDashed = false);
