namespace FerMl.Benchmarking;

/// <summary>What <see cref="VisionSoak"/> saw.</summary>
/// <param name="Minutes">How long it ran.</param>
/// <param name="Frames">Frames read.</param>
/// <param name="Memory">The process's memory (working set) in megabytes, after so many minutes.</param>
internal sealed record VisionSoakResult(double Minutes, long Frames, IReadOnlyList<MemoryReading> Memory);
