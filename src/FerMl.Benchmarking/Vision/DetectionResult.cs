namespace FerMl.Benchmarking;

/// <summary>The recall on one kind of faces.</summary>
/// <param name="Faces">Number of faces.</param>
/// <param name="Found">Number of detected faces.</param>
internal sealed record DetectionRecall(int Faces, int Found)
{
    /// <summary>Recall, 0..1; NaN without faces.</summary>
    public double Recall => Faces > 0 ? (double)Found / Faces : double.NaN;
}

/// <summary>Recall, false positives and speed of a detector on photographs.</summary>
internal sealed record DetectionResult
{
    /// <summary>Number of photographs.</summary>
    public required int Photos { get; init; }

    /// <summary>Recall on faces outside crowds.</summary>
    public required DetectionRecall OutsideCrowds { get; init; }

    /// <summary>Recall by kind of photograph, which is the prefix of the file name.</summary>
    public required IReadOnlyDictionary<string, DetectionRecall> ByKind { get; init; }

    /// <summary>Recall outside crowds by the longer side of the face in pixels.</summary>
    public required IReadOnlyDictionary<string, DetectionRecall> BySize { get; init; }

    /// <summary>Recall outside crowds by pose, on faces of 40 pixels or more.</summary>
    public required IReadOnlyDictionary<string, DetectionRecall> ByPose { get; init; }

    /// <summary>Number of false positives.</summary>
    public required int FalsePositives { get; init; }

    /// <summary>Processor time per decoded photograph in milliseconds.</summary>
    public required double CpuMsPerPhoto { get; init; }
}
