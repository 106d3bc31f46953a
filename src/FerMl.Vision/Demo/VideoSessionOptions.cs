namespace FerMl.Vision;

/// <summary>What a <see cref="VideoSession"/> does besides showing.</summary>
public sealed record VideoSessionOptions
{
    /// <summary>How to go through the source.</summary>
    public VideoLoopOptions Loop { get; init; } = new();

    /// <summary>The video file to record to, .mp4 or .avi, or null for none. The faces are drawn into it.</summary>
    public string? RecordPath { get; init; }

    /// <summary>The file for the log, or null for none: see <see cref="FrameLog"/>.</summary>
    public string? LogPath { get; init; }

    /// <summary>Whether files that are there already may be replaced. Default: false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The folder for screenshots; made where it is missing. Default: the current one.</summary>
    public string ScreenshotFolder { get; init; } = ".";

    /// <summary>What the faces really show, or null where that isn't known.</summary>
    public VideoGroundTruth? GroundTruth { get; init; }
}
