using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>
/// How fast videos are read here. The first figures are those of one face, looked for in every frame; <see cref="Runs"/> has all.
/// </summary>
internal sealed record VisionBenchmarkResult
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Frames a second from file to drawn faces, without a window.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>From the beginning of decoding to the drawn frame, in milliseconds: half of the frames take no longer.</summary>
    public required double LatencyMsP50 { get; init; }

    /// <summary>95 % take no longer.</summary>
    public required double LatencyMsP95 { get; init; }

    /// <summary>99 % take no longer.</summary>
    public required double LatencyMsP99 { get; init; }

    /// <summary>Of each stage.</summary>
    public required IReadOnlyDictionary<string, StageLatency> Stages { get; init; }

    /// <summary>All that was measured as fast as it goes.</summary>
    public required IReadOnlyList<VisionBenchmarkRun> Runs { get; init; }

    /// <summary>What was measured at a camera's speed.</summary>
    public required IReadOnlyList<VisionBenchmarkPace> Paced { get; init; }
}
