namespace FerMl.Reporting;

/// <summary>The charts of an evaluation that all pages show.</summary>
internal static class MetricsCharts
{
    /// <summary>Draws metrics by label, calibration and confusions, each as an SVG image.</summary>
    public static string[] Of(EmotionMetrics metrics) =>
    [
        ClassBars.ToSvg("Precision, recall and F1", metrics),
        ReliabilityDiagram.ToSvg("Reliability", metrics),
        ConfusionChart.ToSvg("Confusion, number of faces", metrics),
        ConfusionChart.ToSvg("Confusion, share of the true label", metrics, asShares: true),
    ];
}
