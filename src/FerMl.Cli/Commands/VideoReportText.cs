using System.Globalization;
using System.Text;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>The report of a labelled video, as Markdown.</summary>
internal static class VideoReportText
{
    public static string ToMarkdown(VideoReport report, string source, string model)
    {
        var text = new StringBuilder();
        Line($"# Emotions read in {source}\n");
        Line($"Model {model}. {report.Frames:N0} pictures, {report.Dropped:N0} dropped. Of {report.Faces:N0} labelled faces {report.Found:N0} were found ({Percent((double)report.Found / report.Faces)}){(report.LeftOut > 0 ? $"; {report.LeftOut:N0} more show emotions that the model doesn't know" : "")}.\n");
        Line($"| | |");
        Line($"|---|---|");
        Line($"| accuracy on the faces found | {Percent(report.Accuracy)} ({Percent(report.AccuracyLow)} to {Percent(report.AccuracyHigh)}) |");
        Line($"| found and named rightly, of all | {Percent(report.AccuracyOfAll)} |");
        Line($"| macro-F1 | {report.MacroF1:F3} |");
        Line($"| pictures a second | {report.FramesPerSecond:F1} |");
        Line($"\nThe interval is Wilson's, 95 %, as if pictures were independent; those of one video are not, so it is too narrow.\n");
        Line($"| emotion | precision | recall | F1 | faces |");
        Line($"|---|---|---|---|---|");
        foreach (var row in report.PerClass)
            Line($"| {row.Label} | {row.Precision:F2} | {row.Recall:F2} | {row.F1:F2} | {row.Support:N0} |");
        Line($"\n| latency, ms | p50 | p95 | p99 |");
        Line($"|---|---|---|---|");
        foreach (var (stage, latency) in report.Stages.Append(new("in all", report.LatencyMs)))
            Line($"| {stage} | {latency.P50:F1} | {latency.P95:F1} | {latency.P99:F1} |");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:F1} %") : "unknown";
}
