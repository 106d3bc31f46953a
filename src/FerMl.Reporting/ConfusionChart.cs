using System.Globalization;

namespace FerMl.Reporting;

/// <summary>A confusion matrix: counts of predicted labels by true label, colored by their share of the row.</summary>
public static class ConfusionChart
{
    private const int Cell = 58;
    private const int Left = 96;
    private const int Top = 84;
    private const string Color = "#0072b2";

    /// <summary>Draws the chart as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="title">The title above the chart.</param>
    /// <param name="metrics">The metrics to draw.</param>
    /// <param name="asShares">Whether cells show shares of their row in percent; otherwise numbers of faces.</param>
    public static string ToSvg(string title, EmotionMetrics metrics, bool asShares = false)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(metrics);
        var labels = metrics.Labels;
        var side = labels.Length * Cell;
        var image = new SvgImage(Left + side + 20, Top + side + 20, title);
        image.Text(Left + side / 2, Top - 30, 12, "predicted label", SvgImage.Gray);
        image.Text(Left - 8, Top - 10, 12, "true label", SvgImage.Gray, endsAtX: true);
        for (var t = 0; t < labels.Length; t++)
        {
            image.Text(Left + t * Cell + Cell / 2, Top - 10, 12, labels[t]);
            image.Text(Left - 8, Top + t * Cell + Cell / 2 + 4, 12, labels[t], endsAtX: true);
            var support = metrics.Confusion[t].Sum();
            for (var p = 0; p < labels.Length; p++)
            {
                var count = metrics.Confusion[t][p];
                var share = support == 0 ? 0 : (double)count / support;
                var (x, y) = (Left + p * Cell, Top + t * Cell);
                image.Box(x + 1, y + 1, Cell - 2, Cell - 2, Color, 0.04 + 0.9 * share,
                    string.Create(CultureInfo.InvariantCulture,
                        $"{labels[t]}, predicted as {labels[p]}: {count:N0} of {support:N0} ({share * 100:F1} %)"));
                // White on dark cells, dark on pale ones: a contrast above 4.5 either way (WCAG 2.2, 1.4.3).
                image.Text(x + Cell / 2, y + Cell / 2 + 5, 13, asShares
                    ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0} %")
                    : count.ToString("N0", CultureInfo.InvariantCulture),
                    share > 0.75 ? "#ffffff" : SvgImage.Ink, isBold: t == p);
            }
        }
        return image.ToSvg();
    }
}
