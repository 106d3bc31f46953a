using FerMl.Reporting;

namespace FerMl.Vision;

/// <summary>Charts of a model's accuracy over severity, one for each corruption.</summary>
public static class RobustnessChart
{
    private const int ChartWidth = 300;
    private const int ChartHeight = 230;

    /// <summary>Draws all curves as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="curves">The result of <see cref="RobustnessStudy.Run"/>.</param>
    /// <param name="what">What was measured, for the title.</param>
    public static string ToSvg(IReadOnlyList<RobustnessCurve> curves, string what) =>
        ChartSheet.ToSvg($"Accuracy on corrupted faces: {what}",
        [.. curves.Select(curve => LineChart.ToSvg(NameOf(curve.Corruption), curve.Unit, "accuracy",
            [new ChartLine("accuracy", [.. curve.Points.Select(point => (point.Severity, point.Accuracy))])], isShare: true, ChartWidth,
            ChartHeight, highest: 1))],
        ChartWidth, ChartHeight);

    internal static string NameOf(Corruption corruption) => corruption switch
    {
        Corruption.Jpeg => "JPEG",
        _ => corruption.ToString().ToLowerInvariant(),
    };
}
