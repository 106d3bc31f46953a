namespace FerMl;

/// <summary>A metric as tables, pages and notebooks show it.</summary>
/// <param name="Name">Its name, with its unit.</param>
/// <param name="Text">Its value.</param>
internal readonly record struct MetricFigure(string Name, string Text);
