using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>How <see cref="VideoLoop"/> goes through a source.</summary>
public sealed record VideoLoopOptions
{
    /// <summary>
    /// Whether a video file is played in real time; else as fast as it can be read. Cameras and image files have no choice. Default: false.
    /// What is played in real time, or comes from a camera, drops the frames for which there is no time.
    /// </summary>
    public bool RealTime { get; init; }

    /// <summary>The most frames to read, or null for all. At least 1. Default: null.</summary>
    [Range(1, long.MaxValue)]
    public long? MaxFrames { get; init; }
}
