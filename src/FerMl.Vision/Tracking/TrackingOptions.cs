using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>Options of tracking faces from frame to frame.</summary>
public sealed record TrackingOptions
{
    /// <summary>
    /// Detect faces in every n-th frame, 1 to 100, and track them in between. Null detects in every frame; for a camera or a video played
    /// in real time, in every second or third where detection can't keep up. Default: null.
    /// </summary>
    [Range(1, 100)]
    public int? DetectEvery { get; init; }

    /// <summary>Minimum intersection over union at which a detection matches a known face, 0.05 to 0.95. Default: 0.3.</summary>
    [Range(0.05, 0.95)]
    public double MinIoU { get; init; } = 0.3;

    /// <summary>
    /// How long a face that isn't detected keeps its ID, in seconds, 0 to 60. It is matched by its position within half a second, and
    /// re-identified by its appearance after that. It is reported only where it was detected or followed. Default: 3.
    /// </summary>
    [Range(0.0, 60.0)]
    public double MaxMissedSeconds { get; init; } = 3;

    /// <summary>
    /// Minimum detection score of a new face, 0 to 1. A score below 0.9 counts only after three detections in a row. A known face keeps its
    /// ID with a lower score. Default: 0.5.
    /// </summary>
    [Range(0.0, 1.0)]
    public double NewFaceScore { get; init; } = 0.5;

    /// <summary>
    /// Time constant of the exponential average of a face's scores, in seconds, 0 to 60; 0 for no averaging. Default: 0.5.
    /// </summary>
    [Range(0.0, 60.0)]
    public double SmoothingSeconds { get; init; } = 0.5;
}
