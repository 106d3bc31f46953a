namespace FerMl.Benchmarking;

/// <summary>Several comparisons.</summary>
/// <param name="HalvingIsBetter">In how many halving found the better model.</param>
/// <param name="Comparisons">All of them.</param>
internal sealed record SearchBenchmarkResult(int HalvingIsBetter, IReadOnlyList<SearchComparison> Comparisons)
{
    public static SearchBenchmarkResult Of(IReadOnlyList<SearchComparison> comparisons) =>
        new(comparisons.Count(one => one.Halving > one.Random), comparisons);
}
