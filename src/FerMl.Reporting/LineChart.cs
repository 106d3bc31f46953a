using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FerMl.Reporting;

/// <summary>A line chart, such as accuracy over epochs, as SVG with its own background: readable on a light and on a dark page.</summary>
public static class LineChart
{
    // Okabe and Ito, "Color Universal Design" (2008), which color-blind readers can distinguish: blue, vermilion, bluish green, reddish
    // purple, and dark gray for their black.
    private static readonly OxyColor[] Colors = [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167),
        OxyColor.FromRgb(60, 60, 60)];
    private static readonly MarkerType[] Marks = [
        MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond, MarkerType.None];

    /// <summary>Draws the chart.</summary>
    /// <param name="title">The title above the chart.</param>
    /// <param name="horizontal">The title of the horizontal axis.</param>
    /// <param name="vertical">The title of the vertical axis.</param>
    /// <param name="lines">The lines, one to five; at least one has a point.</param>
    /// <param name="isShare">Whether the values are shares, 0..1, shown in percent.</param>
    /// <param name="width">Width in pixels, 200 to 4,000.</param>
    /// <param name="height">Height in pixels, 150 to 4,000.</param>
    /// <param name="highest">The upper end of the vertical axis, which then starts at 0; null to fit the values.</param>
    /// <exception cref="ArgumentException">There is nothing to draw, or there are too many lines to distinguish.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public static string ToSvg(
        string title, string horizontal, string vertical, IReadOnlyList<ChartLine> lines, bool isShare = false, int width = 720,
        int height = 420, double? highest = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 4_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 150);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 4_000);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count > Colors.Length)
            throw new ArgumentException($"{lines.Count.Counted("line")} can't be distinguished; {Colors.Length} at most.", nameof(lines));
        if (lines.All(line => line.Points.Count == 0))
            throw new ArgumentException("There is no point to draw.", nameof(lines));

        var ink = OxyColor.Parse(SvgImage.Ink);
        var model = new PlotModel
        {
            Culture = CultureInfo.InvariantCulture,
            Title = PlainText.Clean(title),
            TitleFontSize = Math.Clamp(width * 0.95 / (title.Length * WideText.WidthOf(1, isBold: true)), 9, width < 500 ? 13 : 16),
            TextColor = ink,
            PlotAreaBorderColor = OxyColor.Parse("#c8ccd1"),
            Background = OxyColor.Parse("#fafafa"),
            Padding = new OxyThickness(8, 8, 16, 8),
        };
        if (lines.Count > 1)
            model.Legends.Add(new Legend
            {
                LegendPlacement = LegendPlacement.Outside,
                LegendPosition = LegendPosition.BottomCenter,
                LegendOrientation = LegendOrientation.Horizontal,
            });
        model.Axes.Add(Axis(AxisPosition.Bottom, horizontal));
        model.Axes.Add(Axis(AxisPosition.Left, vertical));
        foreach (var axis in model.Axes)
            axis.AxisTitleDistance = 6;
        // No fractional ticks for integers such as epochs.
        if (lines.All(line => line.Points.All(point => double.IsInteger(point.X))))
            model.Axes[0].MinimumMajorStep = 1;
        if (highest is { } top)
            (model.Axes[1].Minimum, model.Axes[1].Maximum) = (0, top);
        if (isShare)
            model.Axes[1].StringFormat = "0.# %";
        for (var i = 0; i < lines.Count; i++)
        {
            var series = new LineSeries
            {
                Title = PlainText.Clean(lines[i].Name),
                Color = lines[i].IsDashed ? OxyColor.Parse(SvgImage.Gray) : Colors[i],
                LineStyle = lines[i].IsDashed ? LineStyle.Dash : LineStyle.Solid,
                StrokeThickness = 2,
                MarkerType = lines[i].IsDashed || lines[i].Points.Count > 60 ? MarkerType.None : Marks[i],
                MarkerSize = 3,
            };
            series.Points.AddRange(lines[i].Points.Select(point => new DataPoint(point.X, point.Y)));
            model.Series.Add(series);
        }
        return PlotSvg.Of(model, title, width, height);
    }

    private static LinearAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColor.Parse("#e3e6e9"),
        TicklineColor = OxyColor.Parse("#c8ccd1"),
        MinorTickSize = 0,
        MaximumPadding = 0.03,
        MinimumPadding = 0.03,
    };
}
