namespace FerMl.Vision;

/// <summary>How <see cref="VideoLoop"/> goes through a source.</summary>
public sealed record VideoLoopOptions
{
    /// <summary>
    /// Whether a video file is played at its own speed; else as fast as it can be read. Cameras and image files have no choice. Default: false.
    /// What is played at its own speed, or comes from a camera, drops the pictures for which there is no time.
    /// </summary>
    public bool AtOwnSpeed { get; init; }

    /// <summary>The most pictures to read, or null for all. At least 1. Default: null.</summary>
    public long? MaxFrames { get; init; }
}
