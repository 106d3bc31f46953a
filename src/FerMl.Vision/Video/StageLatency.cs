namespace FerMl.Vision;

/// <summary>Latency of one stage, or of all of them, in milliseconds.</summary>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
public sealed record StageLatency(double P50, double P95, double P99)
{
    internal static StageLatency Of(LatencyStatistics statistics) =>
        new(statistics.Percentile(0.50), statistics.Percentile(0.95), statistics.Percentile(0.99));
}
