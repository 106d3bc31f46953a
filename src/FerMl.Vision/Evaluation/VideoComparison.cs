namespace FerMl.Vision;

/// <summary>How well the emotions of a source's faces were classified, where it is known what they really show.</summary>
public sealed record VideoComparison
{
    /// <summary>The model's labels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>True faces in the frames read, with one of the model's labels.</summary>
    public required int Faces { get; init; }

    /// <summary>Those of them that were detected.</summary>
    public required int Found { get; init; }

    /// <summary>True faces whose emotion the model doesn't know.</summary>
    public required int Excluded { get; init; }

    /// <summary>Share of the detected faces whose emotion is right, 0..1; null where none was detected.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Lower end of its 95 % interval (Wilson), as if frames were independent, which those of a video are not.</summary>
    public required double? AccuracyLow { get; init; }

    /// <summary>Upper end of the interval.</summary>
    public required double? AccuracyHigh { get; init; }

    /// <summary>Share of all true faces that were detected and classified right, 0..1.</summary>
    public required double AccuracyIncludingMissed { get; init; }

    /// <summary>Mean F1 over the labels that occur, of the detected faces.</summary>
    public required double? MacroF1 { get; init; }

    /// <summary>Precision, recall, F1 and support of each label, of the detected faces.</summary>
    public required IReadOnlyList<ClassMetrics> PerClass { get; init; }

    /// <summary>Number of detected faces by true label (first index) and predicted label (second).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }
}
