namespace FerMl.Benchmarking;

/// <summary>The process's memory at a time.</summary>
/// <param name="Minute">Minutes since the beginning.</param>
/// <param name="Megabytes">Working set, in millions of bytes.</param>
internal readonly record struct MemoryReading(double Minute, double Megabytes);
