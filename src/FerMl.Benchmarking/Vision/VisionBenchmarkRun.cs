using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>One measurement of <see cref="VisionBenchmark"/>.</summary>
/// <param name="Faces">Faces in each frame.</param>
/// <param name="DetectEvery">Faces were looked for in every n-th frame.</param>
/// <param name="FacesSeen">Mean number of faces seen in a frame.</param>
/// <param name="FramesPerSecond">Frames a second.</param>
/// <param name="LatencyMsP50">Half of the frames take no longer, in milliseconds.</param>
/// <param name="LatencyMsP95">95 % take no longer.</param>
/// <param name="LatencyMsP99">99 % take no longer.</param>
/// <param name="Stages">Of each stage.</param>
internal sealed record VisionBenchmarkRun(
    int Faces, int DetectEvery, double FacesSeen, double FramesPerSecond, double LatencyMsP50, double LatencyMsP95, double LatencyMsP99,
    IReadOnlyDictionary<string, StageLatency> Stages);
