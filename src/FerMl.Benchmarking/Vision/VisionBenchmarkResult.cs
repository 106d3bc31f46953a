using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>
/// The processing speed of videos. The first figures are for one face, with detection in every frame; <see cref="Runs"/> has all.
/// </summary>
internal sealed record VisionBenchmarkResult
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Frames per second from file to drawn faces, without a window.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Latency from the start of decoding to the drawn frame, in milliseconds: the median.</summary>
    public required double LatencyMsP50 { get; init; }

    /// <summary>The 95th percentile.</summary>
    public required double LatencyMsP95 { get; init; }

    /// <summary>The 99th percentile.</summary>
    public required double LatencyMsP99 { get; init; }

    /// <summary>Latencies of each stage.</summary>
    public required IReadOnlyDictionary<string, StageLatency> Stages { get; init; }

    /// <summary>All measurements at full speed.</summary>
    public required IReadOnlyList<VisionBenchmarkRun> Runs { get; init; }

    /// <summary>The measurements at a camera's frame rate.</summary>
    public required IReadOnlyList<VisionBenchmarkPace> Paced { get; init; }
}
