namespace FerMl.Vision;

/// <summary>
/// Durations in milliseconds, and the figures that describe them. It keeps the newest <see cref="Capacity"/>, so that it never grows. For
/// one thread at a time.
/// </summary>
public sealed class LatencyStatistics
{
    /// <summary>The most durations that are kept.</summary>
    public const int Capacity = 10_000;

    private readonly List<float> _kept = [];
    private int _next;

    /// <summary>Number of durations taken in, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a duration in.</summary>
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

    /// <summary>
    /// The duration, in milliseconds, below or at which the given share of those kept lie (nearest rank); NaN where there is none.
    /// </summary>
    /// <param name="share">0 to 1, such as 0.95.</param>
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
