namespace FerMl.Detection.Tests;

public sealed class FalsePositiveBiasTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void FromTail_OfAnExponentialTail_IsWhatOneIn640Exceeds(int seed)
    {
        // In an exponential distribution with scale 0.9, one in 640 values exceeds 0.9 ln 640. Samples 20,000 values.
        var random = new Random(seed);
        double[] sums = [.. Enumerable.Range(0, 20_000).Select(_ => -0.9 * Math.Log(1 - random.NextDouble())).OrderDescending()];
        Assert.That(FalsePositiveBias.FromTail(sums, sums.Length), Is.EqualTo(0.9 * Math.Log(640)).Within(0.2));
    }

    [TestCase(40, 40)]
    [TestCase(5, 400)]
    public void FromTail_OfTooFew_IsUnknown(int sums, int images) =>
        Assert.That(FalsePositiveBias.FromTail([.. Enumerable.Range(0, sums).Select(i => 10.0 - i)], images), Is.Null);
}
