namespace FerMl.Vision;

/// <summary>How well and how fast the faces of a source were read: the figures that the paper leaves as future work.</summary>
public sealed record VideoReport
{
    /// <summary>The model's labels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Pictures read.</summary>
    public required long Frames { get; init; }

    /// <summary>Pictures for which there was no time.</summary>
    public required long Dropped { get; init; }

    /// <summary>True faces in the pictures read, with one of the model's labels.</summary>
    public required int Faces { get; init; }

    /// <summary>Those of them that were found.</summary>
    public required int Found { get; init; }

    /// <summary>True faces whose emotion the model doesn't know.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Share of the faces found whose emotion is right, 0..1; null where none was found.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Lower end of its 95 % interval (Wilson), as if pictures were independent, which those of a video are not.</summary>
    public required double? AccuracyLow { get; init; }

    /// <summary>Upper end of the interval.</summary>
    public required double? AccuracyHigh { get; init; }

    /// <summary>Share of all true faces that were found and named rightly, 0..1.</summary>
    public required double AccuracyOfAll { get; init; }

    /// <summary>Mean F1 over the labels that occur, of the faces found.</summary>
    public required double? MacroF1 { get; init; }

    /// <summary>Precision, recall, F1 and support of each label, of the faces found.</summary>
    public required IReadOnlyList<ClassMetrics> PerClass { get; init; }

    /// <summary>Number of faces found by right label (first index) and given label (second).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Pictures a second.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>From capture to the end, in milliseconds.</summary>
    public required StageLatency LatencyMs { get; init; }

    /// <summary>Of each stage, in milliseconds.</summary>
    public required IReadOnlyDictionary<string, StageLatency> Stages { get; init; }
}
