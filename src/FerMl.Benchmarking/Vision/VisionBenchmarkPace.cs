namespace FerMl.Benchmarking;

/// <summary>One measurement of <see cref="VisionBenchmark"/> at a camera's speed, faces being looked for in every frame.</summary>
/// <param name="Faces">Faces in each frame.</param>
/// <param name="FramesPerSecond">Frames that come in a second.</param>
/// <param name="AgeMsP50">Half of the frames are no older when they are shown, in milliseconds.</param>
/// <param name="AgeMsP95">95 % are no older.</param>
/// <param name="AgeMsP99">99 % are no older.</param>
/// <param name="Dropped">Frames for which there was no time.</param>
/// <param name="Processors">Processors in use: 0.5 is half of one.</param>
internal sealed record VisionBenchmarkPace(
    int Faces, int FramesPerSecond, double AgeMsP50, double AgeMsP95, double AgeMsP99, long Dropped, double Processors);
