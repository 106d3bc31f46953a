using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>How faces are followed from frame to frame.</summary>
public sealed record TrackingOptions
{
    /// <summary>
    /// Faces are detected in every n-th frame, 1 to 100, and tracked in those between; null for each frame, or where frames don't wait (a
    /// camera, a video played in real time) and there isn't time for that, every second or third. Default: null.
    /// </summary>
    [Range(1, 100)]
    public int? DetectEvery { get; init; }

    /// <summary>
    /// Overlap (intersection over union) from which a box found is taken to be a face known already, 0.05 to 0.95. Default: 0.3.
    /// </summary>
    [Range(0.05, 0.95)]
    public double MinIoU { get; init; } = 0.3;

    /// <summary>
    /// How long a face that isn't found any more keeps its number, in seconds, 0 to 60: it is known again by its place within half a
    /// second, by its looks later. Default: 3. It is shown only where it was found or followed.
    /// </summary>
    [Range(0.0, 60.0)]
    public double MaxMissedSeconds { get; init; } = 3;

    /// <summary>
    /// From which score of the detector on a face that isn't known yet is taken for one, 0 to 1; below 0.9 only once it was found three
    /// times in a row. A known one keeps its number with less. Default:
    /// 0.5.
    /// </summary>
    [Range(0.0, 1.0)]
    public double NewFaceScore { get; init; } = 0.5;

    /// <summary>
    /// Time over which a face's scores are averaged, in seconds (time constant of an exponential average), 0 to 60; 0 for none. Default:
    /// 0.5.
    /// </summary>
    [Range(0.0, 60.0)]
    public double SmoothingSeconds { get; init; } = 0.5;
}
