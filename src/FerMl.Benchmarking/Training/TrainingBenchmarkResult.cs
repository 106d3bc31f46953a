namespace FerMl.Benchmarking;

/// <summary>
/// What <see cref="TrainingBenchmark"/> measured. Images a second are of the best step; rates of products are in billions of operations a
/// second.
/// </summary>
/// <param name="Network">Name of the network.</param>
/// <param name="MultiplyAdds">Its multiply-adds for one face.</param>
/// <param name="BatchSize">Faces in a step.</param>
/// <param name="Threads">Threads of libtorch's arithmetic.</param>
/// <param name="PlainImagesPerSecond">Faces a second of the plain loop: float32, library modules.</param>
/// <param name="Float32ImagesPerSecond">Faces a second of FerMl in float32.</param>
/// <param name="Bfloat16ImagesPerSecond">Faces a second of FerMl in bfloat16; null where the processor has no instructions for it.</param>
/// <param name="GemmPeakFloat32">The fastest product of square matrices in float32.</param>
/// <param name="GemmPeakBFloat16">The same in bfloat16, or null.</param>
/// <param name="FeedFacesPerSecond">Changed faces per second that so many threads make for the network; by number of threads.</param>
/// <param name="PeakMemoryMB">The most memory that the process had, in megabytes of 2^20 bytes.</param>
internal sealed record TrainingBenchmarkResult(
    string Network, long MultiplyAdds, int BatchSize, int Threads,
    double PlainImagesPerSecond, double Float32ImagesPerSecond, double? Bfloat16ImagesPerSecond,
    double GemmPeakFloat32, double? GemmPeakBFloat16, IReadOnlyDictionary<int, double> FeedFacesPerSecond, double PeakMemoryMB)
{
    /// <summary>The better of FerMl's two over the plain loop.</summary>
    public double Speedup => Math.Max(Float32ImagesPerSecond, Bfloat16ImagesPerSecond ?? 0) / PlainImagesPerSecond;

    /// <summary>
    /// The share of the bfloat16 peak that whole bfloat16 steps reach, counting only the network's own arithmetic: two operations for each
    /// multiply-add, once forward, once for the gradients of the weights and once for those of the inputs.
    /// </summary>
    public double? PeakShare => Bfloat16ImagesPerSecond * MultiplyAdds * 6 / (GemmPeakBFloat16 * 1e9);
}
