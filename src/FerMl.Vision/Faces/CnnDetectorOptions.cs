using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>Options of a <see cref="CnnFaceDetector"/>.</summary>
public sealed record CnnDetectorOptions
{
    /// <summary>
    /// Side of the smallest face to detect, in pixels of the image, 10 to 4,000; null for a share of the image, <see cref="MinFaceShare"/>.
    /// Default: null.
    /// </summary>
    [Range(10, 4_000)]
    public int? MinFace { get; init; }

    /// <summary>
    /// Where <see cref="MinFace"/> is null: side of the smallest face over the longer side of the image, 0.005 to 1, but at least
    /// <see cref="SmallestFace"/> pixels. Default: 1/80, 16 pixels of 1280, for photos; <see cref="ForVideo"/> has a larger minimum.
    /// </summary>
    [Range(0.005, 1.0)]
    public double MinFaceShare { get; init; } = 1.0 / 80;

    /// <summary>Detection threshold, 0.05 to 0.95. A lower one finds more faces, and more false positives. Default: 0.5.</summary>
    [Range(0.05, 0.95)]
    public double MinScore { get; init; } = 0.5;

    /// <summary>
    /// Whether to verify unlikely proposals, too. This finds more rolled and turned heads, in twice the time. Default: true;
    /// <see cref="ForVideo"/> has other frames to find them in.
    /// </summary>
    public bool IsThorough { get; init; } = true;

    /// <summary>
    /// Whether to detect faces at any roll, even upside down, by also analyzing the image rotated by 90, 180 and 270 degrees, in four times
    /// the time. With <see cref="IsThorough"/>, images without an upright face of score 0.9 are rotated in any case. Default: false.
    /// </summary>
    public bool AnyRoll { get; init; }

    /// <summary>
    /// Threads per image, 1 to 64. More than one helps where photos come one by one; for many photos a detector per thread is faster.
    /// Default: 1.
    /// </summary>
    [Range(1, 64)]
    public int Threads { get; init; } = 1;

    /// <summary>How faces are cropped, or null for the detector's default. Default: null.</summary>
    public FaceCrop? Crop { get; init; }

    /// <summary>A file written by <c>ferml detector train</c>, or null for the detector that ships with FerMl. Default: null.</summary>
    public string? Model { get; init; }

    /// <summary>The lower limit, in pixels, of a minimum face size given as a share of the image.</summary>
    public const int SmallestFace = 16;

    /// <summary>
    /// For video: faces of at least a sixteenth of the frame's longer side, 40 pixels of 640, with scores from 0.3 on, since a known face
    /// needs less (<see cref="TrackingOptions.NewFaceScore"/>), without verifying unlikely proposals.
    /// </summary>
    public static CnnDetectorOptions ForVideo { get; } = new() { MinFaceShare = 1.0 / 16, MinScore = 0.3, IsThorough = false };

    /// <summary>Side of the smallest face to detect in an image, in pixels.</summary>
    internal double MinFaceIn(int width, int height) => MinFace ?? Math.Max(SmallestFace, MinFaceShare * Math.Max(width, height));
}
