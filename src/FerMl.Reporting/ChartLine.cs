namespace FerMl.Reporting;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, from left to right.</param>
/// <param name="IsDashed">Whether it is drawn in dashes, as values are that were not measured here.</param>
public sealed record ChartLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsDashed = false);
