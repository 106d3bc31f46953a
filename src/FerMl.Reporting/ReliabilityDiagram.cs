using System.Globalization;

namespace FerMl.Reporting;

/// <summary>
/// A reliability diagram: accuracy by confidence, in bins (Guo et al., "On Calibration of Modern Neural Networks", 2017, figure 1).
/// </summary>
public static class ReliabilityDiagram
{
    private const int Left = 64;
    private const int Top = 56;
    private const int Side = 360;

    /// <summary>Draws the diagram as a self-contained SVG image, readable on a light and on a dark page.</summary>
    public static string ToSvg(string title, EmotionMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(metrics);
        var image = new SvgImage(Left + Side + 30, Top + Side + 56, title);
        for (var tick = 0; tick <= 4; tick++)
        {
            var at = tick * Side / 4;
            image.Stroke(Left, Top + Side - at, Left + Side, Top + Side - at, "#e3e6e9");
            image.Stroke(Left + at, Top, Left + at, Top + Side, "#e3e6e9");
            image.Text(Left - 8, Top + Side - at + 4, 12, $"{tick * 25} %", SvgImage.Gray, endsAtX: true);
            image.Text(Left + at, Top + Side + 18, 12, $"{tick * 25} %", SvgImage.Gray);
        }
        var maxCount = metrics.Calibration.Max(bin => bin.Count);
        foreach (var bin in metrics.Calibration.Where(bin => bin.Count > 0))
        {
            // Bins with few faces are paler.
            image.Box(Left + bin.From * Side + 1, Top + Side - bin.Accuracy * Side, (bin.To - bin.From) * Side - 2, bin.Accuracy * Side,
                "#0072b2", 0.3 + 0.7 * bin.Count / maxCount,
                string.Create(CultureInfo.InvariantCulture,
                    $"confidence {bin.Confidence * 100:F0} %: {bin.Accuracy * 100:F0} % of {bin.Count.Counted("face")} correct"));
            image.Stroke(Left + bin.From * Side + 1, Top + Side - bin.Confidence * Side, Left + bin.To * Side - 1, Top
                + Side - bin.Confidence * Side, "#d55e00", 2);
        }
        image.Stroke(Left, Top + Side, Left + Side, Top, SvgImage.Gray, 1, isDashed: true);
        image.Text(Left + Side / 2, Top + Side + 40, 12, "confidence (orange: mean of the bin; blue: accuracy of the bin)",
            SvgImage.Gray);
        image.Text(Left + Side / 2, 48, 12,
            string.Create(CultureInfo.InvariantCulture, $"expected calibration error {metrics.ExpectedCalibrationError:F3}"),
            SvgImage.Gray);
        return image.ToSvg();
    }
}
