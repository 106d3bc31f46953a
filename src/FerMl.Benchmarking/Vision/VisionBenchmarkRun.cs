using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>One measurement of <see cref="VisionBenchmark"/>.</summary>
/// <param name="Faces">Faces in each frame.</param>
/// <param name="DetectEvery">Detection runs in every n-th frame.</param>
/// <param name="FacesSeen">Mean number of detected faces per frame.</param>
/// <param name="FramesPerSecond">Frames per second.</param>
/// <param name="LatencyMsP50">Latency of a frame in milliseconds: the median.</param>
/// <param name="LatencyMsP95">The 95th percentile.</param>
/// <param name="LatencyMsP99">The 99th percentile.</param>
/// <param name="Stages">Latencies of each stage.</param>
internal sealed record VisionBenchmarkRun(
    int Faces, int DetectEvery, double FacesSeen, double FramesPerSecond, double LatencyMsP50, double LatencyMsP95, double LatencyMsP99,
    IReadOnlyDictionary<string, StageLatency> Stages);
