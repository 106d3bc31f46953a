using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>Options of a <see cref="VideoSession"/>.</summary>
public sealed record VideoSessionOptions
{
    /// <summary>How to read the source.</summary>
    public VideoLoopOptions Loop { get; init; } = new();

    /// <summary>The video file to record to, .mp4, .webm or .avi, or null for none. The faces are drawn into it.</summary>
    public string? RecordPath { get; init; }

    /// <summary>The file for the log, or null for none: see <see cref="FrameLog"/>.</summary>
    public string? LogPath { get; init; }

    /// <summary>The file for the table, or null for none: see <see cref="FaceTable"/>.</summary>
    public string? TablePath { get; init; }

    /// <summary>
    /// The folder in which each image of a folder is saved as PNG with its faces drawn, under the same relative path; null for none. Videos
    /// are recorded instead (<see cref="RecordPath"/>).
    /// </summary>
    public string? DrawingFolder { get; init; }

    /// <summary>Whether to overwrite existing files. Default: false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The folder for screenshots, created if missing. Default: the current folder.</summary>
    public string ScreenshotFolder { get; init; } = ".";

    /// <summary>
    /// How long each image of a folder is shown in a window, in seconds, 0 to 86,400; a single one is shown until a key is pressed.
    /// Default: 2.
    /// </summary>
    [Range(0.0, 86_400.0)]
    public double SecondsPerImage { get; init; } = ImageFilesSource.UsualSeconds;

    /// <summary>The ground truth, or null where unknown.</summary>
    public VideoGroundTruth? GroundTruth { get; init; }
}
