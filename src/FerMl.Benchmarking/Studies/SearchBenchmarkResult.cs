namespace FerMl.Benchmarking;

/// <summary>The results of several comparisons.</summary>
/// <param name="HalvingIsBetter">Number of comparisons in which halving found the better model.</param>
/// <param name="Comparisons">The comparisons.</param>
internal sealed record SearchBenchmarkResult(int HalvingIsBetter, IReadOnlyList<SearchComparison> Comparisons)
{
    public static SearchBenchmarkResult Of(IReadOnlyList<SearchComparison> comparisons) =>
        new(comparisons.Count(one => one.Halving > one.Random), comparisons);
}
