using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FerMl.Reporting;

/// <summary>
/// A scatter plot of labeled points, such as two principal components of embeddings, as SVG with its own background: readable on a light
/// and on a dark page. Emotions have the same colors in all charts.
/// </summary>
public static class ScatterPlot
{
    private const int MaxPoints = 20_000, MaxLabels = 20;

    // Marks distinguish labels of the same color.
    private static readonly MarkerType[] Marks = [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle];

    /// <summary>Draws the points.</summary>
    /// <param name="title">The title above the points.</param>
    /// <param name="points">Label and coordinates of each; 1 to 20,000 points of at most 20 labels.</param>
    /// <param name="width">Width in pixels, 200 to 4,000.</param>
    /// <param name="height">Height in pixels, 200 to 4,000.</param>
    /// <exception cref="ArgumentException">There are no points, too many points or labels, or one isn't finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public static string ToSvg(
        string title, IReadOnlyList<(string Label, double X, double Y)> points, int width = 620, int height = 480)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(points);
        foreach (var size in (int[])[width, height])
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 200);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 4_000);
        }
        var labels = points.GroupBy(point => point.Label).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        if (points.Count is 0 or > MaxPoints || labels.Length > MaxLabels
            || points.Any(point => !double.IsFinite(point.X) || !double.IsFinite(point.Y)))
            throw new ArgumentException(
                $"A scatter plot has 1 to {MaxPoints.Grouped()} finite points of at most {MaxLabels} labels; {points.Count.Grouped()} of "
                    + $"{labels.Length} given.", nameof(points));
        var model = new PlotModel
        {
            Culture = CultureInfo.InvariantCulture,
            Title = PlainText.Clean(title),
            TitleFontSize = Math.Clamp(width * 0.95 / (Math.Max(1, title.Length) * WideText.WidthOf(1, isBold: true)), 9, 16),
            TextColor = OxyColor.Parse(SvgImage.Ink),
            PlotAreaBorderColor = OxyColor.Parse("#c8ccd1"),
            Background = OxyColor.Parse("#fafafa"),
            Padding = new OxyThickness(8, 8, 16, 8),
        };
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.BottomCenter,
            LegendOrientation = LegendOrientation.Horizontal,
        });
        // Components have no unit: only the distances between points matter.
        foreach (var position in (AxisPosition[])[AxisPosition.Bottom, AxisPosition.Left])
            model.Axes.Add(new LinearAxis
            {
                Position = position,
                TickStyle = TickStyle.None,
                LabelFormatter = _ => "",
                MajorGridlineStyle = LineStyle.Solid,
                MajorGridlineColor = OxyColor.Parse("#e5e7ea"),
                MinimumPadding = 0.05,
                MaximumPadding = 0.05,
            });
        foreach (var (i, label) in labels.Index())
        {
            var color = EmotionColors.Of(label.Key, [.. labels.Select(group => group.Key)]);
            var series = new ScatterSeries
            {
                Title = PlainText.Clean(label.Key),
                MarkerType = Marks[i / EmotionNames.All.Length],
                MarkerSize = 4,
                MarkerFill = OxyColor.FromAColor(190, OxyColor.Parse(color)),
            };
            series.Points.AddRange(label.Select(point => new ScatterPoint(point.X, point.Y)));
            model.Series.Add(series);
        }
        return PlotSvg.Of(model, title, width, height);
    }
}
