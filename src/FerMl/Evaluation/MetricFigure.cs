namespace FerMl;

/// <summary>A metric in display form, for tables, pages and notebooks.</summary>
/// <param name="Name">Its name, with its unit.</param>
/// <param name="Text">Its formatted value.</param>
internal readonly record struct MetricFigure(string Name, string Text);
