namespace FerMl.Vision.Tests;

public class VideoSpeedTests
{
    [Test]
    public void Percentile_IsTheNearestRank()
    {
        var latencies = new LatencyStatistics();
        foreach (var value in Enumerable.Range(1, 100).Reverse())
            latencies.Add(TimeSpan.FromMilliseconds(value));
        Assert.That((latencies.Percentile(0.5), latencies.Percentile(0.95), latencies.Percentile(0.99), latencies.Percentile(1),
            latencies.Percentile(0)), Is.EqualTo((50.0, 95.0, 99.0, 100.0, 1.0)));
    }

    [Test]
    public void Percentile_OfNothing_IsNaN() => Assert.That(new LatencyStatistics().Percentile(0.5), Is.NaN);

    [Test]
    public void Add_OfMoreThanAreKept_ForgetsTheOldest()
    {
        var latencies = new LatencyStatistics();
        for (var i = 0; i < LatencyStatistics.Capacity; i++)
            latencies.Add(TimeSpan.FromMilliseconds(1_000));
        for (var i = 0; i < LatencyStatistics.Capacity; i++)
            latencies.Add(TimeSpan.FromMilliseconds(1));
        Assert.That((latencies.Count, latencies.Percentile(1)), Is.EqualTo((2L * LatencyStatistics.Capacity, 1.0)));
    }
}
