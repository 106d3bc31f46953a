using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>How faces are followed from frame to frame.</summary>
public sealed record TrackingOptions
{
    /// <summary>Faces are looked for in every n-th frame, 1 to 100, and followed in those between. Default: 1.</summary>
    [Range(1, 100)]
    public int DetectEvery { get; init; } = 1;

    /// <summary>
    /// Overlap (intersection over union) from which a box found is taken to be a face known already, 0.05 to 0.95. Default: 0.3.
    /// </summary>
    [Range(0.05, 0.95)]
    public double MinIoU { get; init; } = 0.3;

    /// <summary>
    /// How long a face that isn't found any more keeps its number, in seconds, 0 to 60. Default: 0.5. It is shown only where it was found
    /// or followed.
    /// </summary>
    [Range(0.0, 60.0)]
    public double MaxMissedSeconds { get; init; } = 0.5;

    /// <summary>
    /// Time over which a face's scores are averaged, in seconds (time constant of an exponential average), 0 to 60; 0 for none. Default:
    /// 0.5.
    /// </summary>
    [Range(0.0, 60.0)]
    public double SmoothingSeconds { get; init; } = 0.5;
}
