using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>How <see cref="CnnFaceDetector"/> looks for faces.</summary>
public sealed record CnnDetectorOptions
{
    /// <summary>
    /// Side of the smallest face that is looked for, in pixels of the image, 10 to 4,000; null for a share of the image,
    /// <see cref="MinFaceShare"/>. Default: null.
    /// </summary>
    [Range(10, 4_000)]
    public int? MinFace { get; init; }

    /// <summary>
    /// Where <see cref="MinFace"/> is null: the side of the smallest face over the longer side of the image, 0.005 to 1, and never less
    /// than <see cref="SmallestFace"/>. Default: 1/80, 16 pixels of 1280, for photographs; <see cref="ForVideo"/> looks for faces that
    /// matter.
    /// </summary>
    [Range(0.005, 1.0)]
    public double MinFaceShare { get; init; } = 1.0 / 80;

    /// <summary>From which score on something is a face, 0.05 to 0.95. Less finds more, and more that is none. Default: 0.5.</summary>
    [Range(0.05, 0.95)]
    public double MinScore { get; init; } = 0.5;

    /// <summary>
    /// Whether places are looked at, too, that are hardly taken for faces at first sight: heads with a roll, or turned away, are found more
    /// often, in twice the time. Default: yes; <see cref="ForVideo"/> has other frames to find them in.
    /// </summary>
    public bool IsThorough { get; init; } = true;

    /// <summary>
    /// Whether faces are looked for at any roll, upside down too: the image is also looked at rotated by 90, 180 and 270 degrees, in four
    /// times the time. Where <see cref="IsThorough"/>, images in which nobody is found upright are looked at so in any case. Default: no.
    /// </summary>
    public bool AnyRoll { get; init; }

    /// <summary>
    /// Threads that one image is looked at on, 1 to 64. More than one is for whoever looks at one photograph at a time; many photographs
    /// are faster with a detector for each thread. Default: 1.
    /// </summary>
    [Range(1, 64)]
    public int Threads { get; init; } = 1;

    /// <summary>How faces are cropped, or null for the detector's own way. Default: null.</summary>
    public FaceCrop? Crop { get; init; }

    /// <summary>A file that <c>ferml detector train</c> wrote, or null for the one that comes with FerMl. Default: null.</summary>
    public string? Model { get; init; }

    /// <summary>The smallest face that is looked for by a share of the image, in pixels.</summary>
    public const int SmallestFace = 16;

    /// <summary>
    /// For video: faces of a sixteenth of the frame's longer side, 40 pixels of 640, and more; with scores from 0.3 on, since a face that
    /// is known needs less (<see cref="TrackingOptions.NewFaceScore"/>); at first sight.
    /// </summary>
    public static CnnDetectorOptions ForVideo { get; } = new() { MinFaceShare = 1.0 / 16, MinScore = 0.3, IsThorough = false };

    /// <summary>Side of the smallest face that is looked for in an image, in pixels.</summary>
    internal double MinFaceIn(int width, int height) => MinFace ?? Math.Max(SmallestFace, MinFaceShare * Math.Max(width, height));
}
