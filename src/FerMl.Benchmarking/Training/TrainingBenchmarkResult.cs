namespace FerMl.Benchmarking;

/// <summary>
/// The result of <see cref="TrainingBenchmark"/>. Faces per second refer to the fastest step; rates of matrix products are in billions of
/// operations per second.
/// </summary>
/// <param name="Network">Name of the network.</param>
/// <param name="MultiplyAdds">MACs per face.</param>
/// <param name="BatchSize">Batch size.</param>
/// <param name="Threads">Number of threads for libtorch's operations.</param>
/// <param name="PlainImagesPerSecond">Faces per second of the plain loop: float32, library modules.</param>
/// <param name="Float32ImagesPerSecond">Faces per second of FerMl in float32.</param>
/// <param name="Bfloat16ImagesPerSecond">Faces per second of FerMl in bfloat16; null if the processor has no instructions for it.</param>
/// <param name="GemmPeakFloat32">Rate of the fastest product of square matrices in float32.</param>
/// <param name="GemmPeakBFloat16">The same rate in bfloat16, or null.</param>
/// <param name="FeedFacesPerSecond">Augmented faces per second of the data loader, by number of threads.</param>
/// <param name="PeakMemoryMB">Peak memory of the process in megabytes of 2^20 bytes.</param>
internal sealed record TrainingBenchmarkResult(
    string Network, long MultiplyAdds, int BatchSize, int Threads,
    double PlainImagesPerSecond, double Float32ImagesPerSecond, double? Bfloat16ImagesPerSecond,
    double GemmPeakFloat32, double? GemmPeakBFloat16, IReadOnlyDictionary<int, double> FeedFacesPerSecond, double PeakMemoryMB)
{
    /// <summary>Speed of FerMl's faster loop relative to the plain loop.</summary>
    public double Speedup => Math.Max(Float32ImagesPerSecond, Bfloat16ImagesPerSecond ?? 0) / PlainImagesPerSecond;

    /// <summary>
    /// Fraction of the bfloat16 peak that complete bfloat16 steps reach. It counts the network's own operations only: two per MAC, for the
    /// forward pass, the weight gradients and the input gradients.
    /// </summary>
    public double? PeakShare => Bfloat16ImagesPerSecond * MultiplyAdds * 6 / (GemmPeakBFloat16 * 1e9);
}
