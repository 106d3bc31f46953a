using System.Globalization;
using System.Text;

namespace FerMl.Vision;

/// <summary>How well and how fast the faces of a source were read: the figures that the paper leaves as future work.</summary>
public sealed record VideoReport
{
    /// <summary>The model's labels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Frames read.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames for which there was no time.</summary>
    public required long Dropped { get; init; }

    /// <summary>True faces in the frames read, with one of the model's labels.</summary>
    public required int Faces { get; init; }

    /// <summary>Those of them that were found.</summary>
    public required int Found { get; init; }

    /// <summary>True faces whose emotion the model doesn't know.</summary>
    public required int Excluded { get; init; }

    /// <summary>Share of the faces found whose emotion is right, 0..1; null where none was found.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Lower end of its 95 % interval (Wilson), as if frames were independent, which those of a video are not.</summary>
    public required double? AccuracyLow { get; init; }

    /// <summary>Upper end of the interval.</summary>
    public required double? AccuracyHigh { get; init; }

    /// <summary>Share of all true faces that were found and named rightly, 0..1.</summary>
    public required double AccuracyIncludingMissed { get; init; }

    /// <summary>Mean F1 over the labels that occur, of the faces found.</summary>
    public required double? MacroF1 { get; init; }

    /// <summary>Precision, recall, F1 and support of each label, of the faces found.</summary>
    public required IReadOnlyList<ClassMetrics> PerClass { get; init; }

    /// <summary>Number of faces found by true label (first index) and predicted label (second).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Frames a second.</summary>
    public required double? FramesPerSecond { get; init; }

    /// <summary>From capture to the end, in milliseconds.</summary>
    public required StageLatency LatencyMs { get; init; }

    /// <summary>Of each stage, in milliseconds.</summary>
    public required IReadOnlyDictionary<string, StageLatency> Stages { get; init; }

    /// <summary>The report as Markdown.</summary>
    /// <param name="source">What was read, for the title.</param>
    /// <param name="model">The model's name.</param>
    public string ToMarkdown(string source, string model)
    {
        var text = new StringBuilder();
        Line($"# Emotions read in {source}\n");
        Line($"Model {model}. {Frames:N0} frames, {Dropped:N0} dropped.");
        Line($"Of {Faces:N0} labeled faces {Found:N0} were found ({Percent((double)Found / Faces)}).");
        if (Excluded > 0)
            Line($"{Excluded:N0} more show emotions that the model doesn't know.");
        Line($"");
        Line($"| | |");
        Line($"|---|---|");
        Line($"| accuracy on the faces found | {Percent(Accuracy)} ({Percent(AccuracyLow)} to {Percent(AccuracyHigh)}) |");
        Line($"| found and named rightly, of all | {Percent(AccuracyIncludingMissed)} |");
        Line($"| macro-F1 | {MacroF1:F3} |");
        Line($"| frames a second | {FramesPerSecond?.ToString("F1", CultureInfo.InvariantCulture) ?? "unknown"} |");
        Line($"\nThe interval is Wilson's, 95 %, as if frames were independent; those of one video are not, so it is too narrow.\n");
        Line($"| emotion | precision | recall | F1 | faces |");
        Line($"|---|---|---|---|---|");
        foreach (var row in PerClass)
            Line($"| {row.Label} | {row.Precision:F2} | {row.Recall:F2} | {row.F1:F2} | {row.Support:N0} |");
        Line($"\n| latency, ms | p50 | p95 | p99 |");
        Line($"|---|---|---|---|");
        foreach (var (stage, latency) in Stages.Append(new("in all", LatencyMs)))
            Line($"| {stage} | {latency.P50:F1} | {latency.P95:F1} | {latency.P99:F1} |");
        return text.ToString();

        void Line(InvariantText line) => text.Append(line.ToString()).Append('\n');
    }

    private static string Percent(double? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:F1} %") : "unknown";
}
