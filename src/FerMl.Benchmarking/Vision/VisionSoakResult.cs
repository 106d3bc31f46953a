namespace FerMl.Benchmarking;

/// <summary>The result of <see cref="VisionSoak"/>.</summary>
/// <param name="Minutes">Duration in minutes.</param>
/// <param name="Frames">Number of processed frames.</param>
/// <param name="Memory">Readings of the process's memory (working set) in megabytes over time.</param>
internal sealed record VisionSoakResult(double Minutes, long Frames, IReadOnlyList<MemoryReading> Memory);
