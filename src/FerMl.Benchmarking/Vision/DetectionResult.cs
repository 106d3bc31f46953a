namespace FerMl.Benchmarking;

/// <summary>How many faces of a kind were found.</summary>
/// <param name="Faces">Faces of the kind.</param>
/// <param name="Found">Those found.</param>
internal sealed record DetectionRecall(int Faces, int Found)
{
    /// <summary>Share found, 0..1; NaN where there is no such face.</summary>
    public double Recall => Faces > 0 ? (double)Found / Faces : double.NaN;
}

/// <summary>How well a detector finds the faces of photographs.</summary>
internal sealed record DetectionResult
{
    /// <summary>Number of photographs.</summary>
    public required int Photos { get; init; }

    /// <summary>Faces outside crowds.</summary>
    public required DetectionRecall OutsideCrowds { get; init; }

    /// <summary>By the kind of photograph, which the name of its file begins with.</summary>
    public required IReadOnlyDictionary<string, DetectionRecall> ByKind { get; init; }

    /// <summary>Outside crowds by the longer side of the face, in pixels.</summary>
    public required IReadOnlyDictionary<string, DetectionRecall> BySize { get; init; }

    /// <summary>Outside crowds by pose, of faces of 40 pixels and more.</summary>
    public required IReadOnlyDictionary<string, DetectionRecall> ByPose { get; init; }

    /// <summary>What was taken for a face and is none.</summary>
    public required int FalsePositives { get; init; }

    /// <summary>Time on the processors for a photograph, decoded already, in milliseconds.</summary>
    public required double CpuMsPerPhoto { get; init; }
}
