using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>Options of a <see cref="VideoLoop"/>.</summary>
public sealed record VideoLoopOptions
{
    /// <summary>
    /// Whether to play a video file in real time rather than as fast as possible. It doesn't apply to cameras and image files. In real
    /// time, and from cameras, frames that processing can't keep up with are dropped. Default: false.
    /// </summary>
    public bool RealTime { get; init; }

    /// <summary>The maximum number of frames to read, at least 1, or null for all. Default: null.</summary>
    [Range(1, long.MaxValue)]
    public long? MaxFrames { get; init; }
}
