namespace FerMl.Vision;

/// <summary>How long one stage of the work takes, or all of them, in milliseconds.</summary>
/// <param name="P50">Half of the frames take no longer.</param>
/// <param name="P95">95 % take no longer.</param>
/// <param name="P99">99 % take no longer.</param>
public sealed record StageLatency(double P50, double P95, double P99)
{
    internal static StageLatency Of(LatencyStatistics statistics) =>
        new(statistics.Percentile(0.50), statistics.Percentile(0.95), statistics.Percentile(0.99));
}
