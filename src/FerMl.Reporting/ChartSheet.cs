using System.Text.RegularExpressions;

namespace FerMl.Reporting;

/// <summary>Arranges several charts of one size in one image, in rows.</summary>
public static partial class ChartSheet
{
    private const int Gap = 12;
    private const int Title = 40;

    /// <summary>Arranges charts as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="title">The title above the charts.</param>
    /// <param name="charts">The charts as SVG, all of the given size; at least one.</param>
    /// <param name="width">Width of each, in pixels.</param>
    /// <param name="height">Height of each, in pixels.</param>
    /// <param name="columns">Charts per row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no chart, or one isn't SVG.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of columns is below 1.</exception>
    public static string ToSvg(string title, IReadOnlyList<string> charts, int width, int height, int columns = 4)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(charts);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (charts.Count == 0)
            throw new ArgumentException("There is no chart to draw.", nameof(charts));
        columns = Math.Min(columns, charts.Count);
        var rows = (charts.Count + columns - 1) / columns;
        var image = new SvgImage(columns * (width + Gap) + Gap, Title + rows * (height + Gap), title);
        for (var i = 0; i < charts.Count; i++)
            image.Nest(Gap + i % columns * (width + Gap), Title + i / columns * (height + Gap), width, height, Inner(charts[i]));
        return image.ToSvg();
    }

    private static string Inner(string svg)
    {
        var match = Root().Match(svg);
        return match.Success ? match.Groups[1].Value : throw new ArgumentException("A chart isn't an SVG image.", nameof(svg));
    }

    [GeneratedRegex("<svg[^>]*>(.*)</svg>", RegexOptions.Singleline)]
    private static partial Regex Root();
}
