using System.Globalization;
using System.Text;

namespace FerMl.Vision;

/// <summary>The results on a source, with their speed and, where there is ground truth, their accuracy.</summary>
public sealed record VideoReport
{
    /// <summary>Frames read.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames dropped because processing couldn't keep up.</summary>
    public required long Dropped { get; init; }

    /// <summary>Frames with at least one face.</summary>
    public required long FramesWithFaces { get; init; }

    /// <summary>Each label's share of all faces in all frames, 0..1; only labels that occur, the most frequent first.</summary>
    public required IReadOnlyDictionary<string, double> Emotions { get; init; }

    /// <summary>The emotions of each face over time.</summary>
    public required IReadOnlyList<FaceTimeline> Faces { get; init; }

    /// <summary>Frames per second.</summary>
    public required double? FramesPerSecond { get; init; }

    /// <summary>Latency from capture until the frame is finished, in milliseconds.</summary>
    public required StageLatency LatencyMs { get; init; }

    /// <summary>Latency of each stage, in milliseconds.</summary>
    public required IReadOnlyDictionary<string, StageLatency> Stages { get; init; }

    /// <summary>The comparison with the ground truth, or null where there is none.</summary>
    public required VideoComparison? Comparison { get; init; }

    /// <summary>The result in a sentence: the dominant emotion with its share of all faces in all frames.</summary>
    public string Summary => Emotions.Count == 0 ? $"No face in {Frames.Counted("frame")}."
        : $"Dominant emotion: {Emotions.First().Key}, {Percent(Emotions.First().Value)} of all faces; faces in "
            + $"{FramesWithFaces.Grouped()} of {Frames.Counted("frame")}.";

    /// <summary>The report as Markdown.</summary>
    /// <param name="source">The source's name, for the title.</param>
    /// <param name="model">The model's name.</param>
    public string ToMarkdown(string source, string model)
    {
        var text = new StringBuilder();
        Line($"# Emotions in {source}\n");
        Line($"Model {model}. {Frames.Counted("frame")}, {Dropped:N0} dropped.\n");
        Line($"{Summary}\n");
        if (Comparison is { } known)
            Compare(known);
        Line($"| emotion | share of all faces in all frames |");
        Line($"|---|---|");
        foreach (var (label, share) in Emotions)
            Line($"| {label} | {Percent(share)} |");
        Line($"\n| face | from, s | to, s | emotions, longest first |");
        Line($"|---|---|---|---|");
        foreach (var face in Faces)
            Line($"| {face.Id} | {face.Spans[0].From:F1} | {face.Spans[^1].To:F1} | {string.Join(", ", LongestFirst(face))} |");
        Line($"\n{FramesPerSecond?.ToString("F1", CultureInfo.InvariantCulture) ?? "An unknown number of"} frames per second.\n");
        Line($"| latency, ms | p50 | p95 | p99 |");
        Line($"|---|---|---|---|");
        foreach (var (stage, latency) in Stages.Append(new("total", LatencyMs)))
            Line($"| {stage} | {latency.P50:F1} | {latency.P95:F1} | {latency.P99:F1} |");
        return text.ToString();

        void Line(InvariantText line) => text.Append(line.ToString()).Append('\n');

        void Compare(VideoComparison known)
        {
            Line($"Of {known.Faces.Counted("labeled face")} {known.Found:N0} were detected "
                + $"({Percent((double)known.Found / known.Faces)}).");
            if (known.Excluded > 0)
                Line($"{known.Excluded:N0} more have labels that the model doesn't predict.");
            Line($"\n| | |");
            Line($"|---|---|");
            var interval = $"{Percent(known.AccuracyLow)} to {Percent(known.AccuracyHigh)}";
            Line($"| accuracy on detected faces | {Percent(known.Accuracy)} ({interval}) |");
            Line($"| accuracy including missed faces | {Percent(known.AccuracyIncludingMissed)} |");
            Line($"| macro-F1 | {known.MacroF1:F3} |");
            Line($"\nThe interval is Wilson's, 95 %, as if frames were independent; those of one video aren't, so it is too narrow.\n");
            Line($"| emotion | precision | recall | F1 | faces |");
            Line($"|---|---|---|---|---|");
            foreach (var row in known.PerClass)
                Line($"| {row.Label} | {row.Precision:F2} | {row.Recall:F2} | {row.F1:F2} | {row.Support:N0} |");
            Line($"");
        }
    }

    /// <summary>The emotions of a face with their total seconds, the longest first.</summary>
    private static IEnumerable<string> LongestFirst(FaceTimeline face) =>
        face.Spans.GroupBy(span => span.Label).Select(group => (Label: group.Key, Seconds: group.Sum(span => span.To - span.From)))
            .OrderByDescending(emotion => emotion.Seconds)
            .Select(emotion => string.Create(CultureInfo.InvariantCulture, $"{emotion.Label} {emotion.Seconds:F1} s"));

    private static string Percent(double? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:F1} %") : "unknown";
}
