namespace FerMl.Vision;

/// <summary>The accuracy of detection and classification on a source, compared with its ground truth.</summary>
public sealed record VideoComparison
{
    /// <summary>The model's labels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Ground truth faces in the frames read, with one of the model's labels.</summary>
    public required int Faces { get; init; }

    /// <summary>Number of these faces that were detected.</summary>
    public required int Found { get; init; }

    /// <summary>Ground truth faces whose emotion isn't one of the model's labels.</summary>
    public required int Excluded { get; init; }

    /// <summary>Accuracy on the detected faces, 0..1; null where none was detected.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Lower end of its 95 % interval (Wilson). It assumes independent frames, which those of a video are not.</summary>
    public required double? AccuracyLow { get; init; }

    /// <summary>Upper end of the interval.</summary>
    public required double? AccuracyHigh { get; init; }

    /// <summary>Share of all ground truth faces that were detected and classified correctly, 0..1.</summary>
    public required double AccuracyIncludingMissed { get; init; }

    /// <summary>Mean F1 over the labels that occur, on the detected faces.</summary>
    public required double? MacroF1 { get; init; }

    /// <summary>Precision, recall, F1 and support of each label, on the detected faces.</summary>
    public required IReadOnlyList<ClassMetrics> PerClass { get; init; }

    /// <summary>Number of detected faces by true label (first index) and predicted label (second).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }
}
