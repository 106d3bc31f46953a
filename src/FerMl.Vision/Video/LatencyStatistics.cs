namespace FerMl.Vision;

/// <summary>
/// Collects durations in milliseconds and computes their percentiles. It keeps the newest <see cref="Capacity"/>, so that its memory is
/// bounded. Not thread-safe.
/// </summary>
public sealed class LatencyStatistics
{
    /// <summary>The maximum number of durations kept.</summary>
    public const int Capacity = 10_000;

    private readonly List<float> _kept = [];
    private int _next;

    /// <summary>Number of durations added, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a duration.</summary>
    public void Add(TimeSpan duration)
    {
        var value = (float)duration.TotalMilliseconds;
        if (_kept.Count < Capacity)
            _kept.Add(value);
        else
            _kept[_next] = value;
        _next = (_next + 1) % Capacity;
        Count++;
    }

    /// <summary>A percentile of the durations kept, in milliseconds (nearest rank); NaN where there is none.</summary>
    /// <param name="share">The percentile as a share, 0 to 1, such as 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is outside 0..1.</exception>
    public double Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        if (_kept.Count == 0)
            return double.NaN;
        float[] sorted = [.. _kept.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
