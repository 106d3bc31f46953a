using System.Globalization;

namespace FerMl.Reporting;

/// <summary>Parallel coordinates: an axis for each parameter, a line for each configuration, darker for better scores.</summary>
public static class ParallelCoordinates
{
    private const int Gap = 130;
    private const int Left = 70;
    private const int Top = 84;
    private const int Height = 260;

    /// <summary>Draws the lines as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="title">The title above the axes.</param>
    /// <param name="axes">Each axis: its name, and the labels of its lower and upper end; at least one.</param>
    /// <param name="lines">Each line: its position on every axis, 0..1, its score (higher is better), and its name.</param>
    /// <exception cref="ArgumentException">There is no axis, or a line's number of positions doesn't match the axes.</exception>
    public static string ToSvg(
        string title, IReadOnlyList<(string Name, string Low, string High)> axes,
        IReadOnlyList<(IReadOnlyList<double> Places, double Score, string Name)> lines)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(lines);
        if (axes.Count == 0)
            throw new ArgumentException("There is no axis to draw.", nameof(axes));
        if (lines.FirstOrDefault(line => line.Places.Count != axes.Count) is { Name: not null } odd)
            throw new ArgumentException($"The line '{odd.Name}' has {odd.Places.Count} places for {axes.Count} axes.", nameof(lines));
        var (worst, best) = lines.Count == 0 ? (0, 1) : (lines.Min(line => line.Score), lines.Max(line => line.Score));
        var image = new SvgImage(2 * Left + axes.Count * Gap, Top + Height + 50, title);
        // The best lines last, so that they are on top. The score is the last axis.
        foreach (var line in lines.OrderBy(line => line.Score))
        {
            var goodness = best > worst ? (line.Score - worst) / (best - worst) : 1;
            double[] places = [.. line.Places, goodness];
            image.Polyline(places.Select((place, i) => ((double)(Left + i * Gap), Top + (1 - Math.Clamp(place, 0, 1)) * Height)),
                "#0072b2", 1 + 1.5 * goodness, 0.12 + 0.88 * goodness * goodness, line.Name);
        }
        var score = (Name: "score", Low: Number(worst), High: Number(best));
        foreach (var (axis, i) in axes.Append(score).Select((axis, i) => (axis, i)))
        {
            var x = Left + i * Gap;
            image.Stroke(x, Top, x, Top + Height, SvgImage.Gray, 1.5);
            image.Text(x, Top - 28, 12, axis.Name, isBold: true);
            image.Text(x, Top - 10, 11, axis.High, SvgImage.Gray);
            image.Text(x, Top + Height + 18, 11, axis.Low, SvgImage.Gray);
        }
        return image.ToSvg();
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
