namespace FerMl.Tests;

public class ContrastStretchTests
{
    private static byte[] Face() => SyntheticFaces.Create(70, seed: 4).Samples.First().Pixels.ToArray();

    private static byte[] Stretched(byte[] pixels)
    {
        var face = (byte[])pixels.Clone();
        ContrastStretch.Apply(face);
        return face;
    }

    private static int Range(byte[] pixels)
    {
        byte[] sorted = [.. pixels.Order()];
        return sorted[^(sorted.Length / 100 + 2)] - sorted[sorted.Length / 100 + 1];
    }

    [TestCase(4)]
    [TestCase(10)]
    public void Apply_OfAFaceInLittleLight_BrightensIt(int darker)
    {
        var dark = Array.ConvertAll(Face(), level => (byte)(level / darker));
        var seen = Stretched(dark);
        Assert.That(Range(seen), Is.GreaterThan(240));
        // Keeps the order of pixels: a brighter pixel doesn't become darker than another.
        Assert.That(dark.Zip(seen).OrderBy(pair => pair.First).Select(pair => pair.Second), Is.Ordered);
    }

    [Test]
    public void Apply_OfAUsualFace_LeavesItAsItIs()
    {
        var face = Face();
        Assert.That(Range(face), Is.GreaterThan(ContrastStretch.Usual));
        Assert.That(Stretched(face), Is.EqualTo(face));
    }

    [Test]
    public void Apply_OfAPlainOrNearlyPlainGround_LeavesIt()
    {
        byte[] plain = [.. Enumerable.Repeat((byte)30, FaceResampler.PixelCount)];
        Assert.That(Stretched(plain), Is.EqualTo(plain));
        byte[] grain = [.. Enumerable.Range(0, FaceResampler.PixelCount).Select(i => (byte)(30 + i % 4))];
        Assert.That(Stretched(grain), Is.EqualTo(grain), "noise isn't amplified");
    }

    [Test]
    public void Apply_BetweenLittleAndUsualContrast_ChangesGradually()
    {
        var ranges = new List<int>();
        for (var width = 50; width <= 110; width++)
        {
            byte[] ramp = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(100 + i % (width + 1)))];
            ContrastStretch.Apply(ramp);
            ranges.Add(ramp.Max() - ramp.Min());
        }
        for (var i = 1; i < ranges.Count; i++)
            Assert.That(Math.Abs(ranges[i] - ranges[i - 1]), Is.LessThan(14), $"a step of one at {50 + i}");
    }
}
