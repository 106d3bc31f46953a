namespace FerMl.Benchmarking;

/// <summary>The process's memory at a point in time.</summary>
/// <param name="Minute">Minutes since the start.</param>
/// <param name="Megabytes">Working set, in millions of bytes.</param>
internal readonly record struct MemoryReading(double Minute, double Megabytes);
