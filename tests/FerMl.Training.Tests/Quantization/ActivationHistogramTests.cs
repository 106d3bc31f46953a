namespace FerMl.Training.Tests;

public class ActivationHistogramTests
{
    [Test]
    public void Extremes_AreThePercentiles_WithinAHundredth()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 100_000).Select(_ => (float)(random.NextDouble() * 12 - 3)).ToArray();
        var histogram = new ActivationHistogram();
        foreach (var chunk in values.Chunk(777))
            histogram.Add(chunk);
        Array.Sort(values);
        foreach (var share in (double[])[0, 0.001, 0.01, 0.1])
        {
            var (low, high) = (values[(int)(share * values.Length)], values[(int)((1 - share) * (values.Length - 1))]);
            Assert.That(histogram.Highest(share), Is.EqualTo(high).Within(0.01 * high), $"{share}");
            Assert.That(histogram.Lowest(share), Is.EqualTo(low).Within(-0.01 * low), $"{share}");
        }
    }

    [Test]
    public void Extremes_WhereAllNumbersAreOnOneSide_AreZeroOnTheOther()
    {
        var histogram = new ActivationHistogram();
        histogram.Add([0, 0, 1, 2]);
        Assert.That((histogram.Lowest(0), histogram.Highest(0)), Is.EqualTo((0f, 2f)).Within(0.02f));
        Assert.That(histogram.Highest(0.3), Is.EqualTo(1).Within(0.01), "one of four is cut off");
        Assert.That(histogram.Highest(0.9), Is.Zero);
    }
}
