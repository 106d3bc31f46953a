namespace FerMl.Benchmarking;

/// <summary>A measurement of <see cref="VisionBenchmark"/> at a camera's frame rate, with detection in every frame.</summary>
/// <param name="Faces">Faces in each frame.</param>
/// <param name="FramesPerSecond">Frame rate of the camera.</param>
/// <param name="AgeMsP50">Latency from capture to display in milliseconds: the median.</param>
/// <param name="AgeMsP95">The 95th percentile.</param>
/// <param name="AgeMsP99">The 99th percentile.</param>
/// <param name="Dropped">Number of dropped frames.</param>
/// <param name="Processors">Processors in use, on average: 0.5 is half of one.</param>
internal sealed record VisionBenchmarkPace(
    int Faces, int FramesPerSecond, double AgeMsP50, double AgeMsP95, double AgeMsP99, long Dropped, double Processors);
