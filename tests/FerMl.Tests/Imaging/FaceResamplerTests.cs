namespace FerMl.Tests;

public class FaceResamplerTests
{
    private const int Side = FaceResampler.Side;

    [Test]
    public void Resample_48x48_IsTheImageItself()
    {
        var image = Noise(Side, Side, 1);
        Assert.That(Resample(image, Side, Side), Is.EqualTo(image));
    }

    [Test]
    public void Resample_Twice_AveragesTwoByTwo()
    {
        var image = Noise(96, 96, 2);
        var face = Resample(image, 96, 96);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var mean = (image[2 * y * 96 + 2 * x] + image[2 * y * 96 + 2 * x + 1] + image[(2 * y + 1) * 96 + 2 * x]
                    + image[(2 * y + 1) * 96 + 2 * x + 1]) / 4.0;
                Assert.That(face[y * Side + x], Is.EqualTo(mean).Within(0.51), $"at {x}, {y}");
            }
        }
    }

    [TestCase(72, 72)]
    [TestCase(100, 61)]
    [TestCase(512, 640)]
    [TestCase(49, 48)]
    public void Resample_Shrinking_IsTheAreaMean(int width, int height)
    {
        // The reference integrates each output pixel's rectangle over the source, cell by cell, in double precision.
        var image = Noise(width, height, 3);
        var face = Resample(image, width, height);
        var random = new Random(4);
        for (var n = 0; n < 200; n++)
        {
            var (x, y) = (random.Next(Side), random.Next(Side));
            Assert.That(face[y * Side + x], Is.EqualTo(AreaMean(image, width, height, x, y)).Within(0.52), $"at {x}, {y}");
        }
    }

    [Test]
    public void Resample_Ramp24To48_InterpolatesBetweenCentres()
    {
        // Source column i has level 10 i. Output column x lies at source (x + 0.5) / 2 - 0.5: 0, 0.25, 0.75, 1.25, ...
        var image = new byte[24 * 24];
        for (var i = 0; i < image.Length; i++)
            image[i] = (byte)(10 * (i % 24));
        var row = Resample(image, 24, 24).Take(Side).ToArray();
        Assert.That(row[..6], Is.EqualTo(new[] { 0, 3, 8, 13, 18, 23 }));
        Assert.That(row[^2..], Is.EqualTo(new[] { 228, 230 }));
    }

    [Test]
    public void Resample_OnePixel_FillsTheFace() => Assert.That(Resample([77], 1, 1), Is.All.EqualTo(77));

    [TestCase(3, 200)]
    [TestCase(200, 3)]
    public void Resample_Flat_StaysFlat(int width, int height) =>
        Assert.That(Resample([.. Enumerable.Repeat((byte)131, width * height)], width, height), Is.All.EqualTo(131));

    [Test]
    public void ResampleColor_GrayImage_KeepsItsLevels([Values] bool redFirst)
    {
        var gray = Noise(Side, Side, 5);
        var face = new byte[FaceResampler.PixelCount];
        FaceResampler.ResampleColor([.. gray.SelectMany(level => new[] { level, level, level, (byte)255 })], Side, Side, redFirst, face);
        Assert.That(face, Is.EqualTo(gray));
    }

    // 255 x 0.299 = 76.2, x 0.587 = 149.7, x 0.114 = 29.1
    [TestCase(0, true, 76)]
    [TestCase(1, true, 150)]
    [TestCase(2, true, 29)]
    [TestCase(0, false, 29)]
    [TestCase(2, false, 76)]
    public void ResampleColor_OneChannel_HasItsLumaWeight(int channel, bool redFirst, int expected)
    {
        var pixel = new byte[4];
        pixel[channel] = 255;
        var face = new byte[FaceResampler.PixelCount];
        FaceResampler.ResampleColor(pixel, 1, 1, redFirst, face);
        Assert.That(face, Is.All.EqualTo(expected));
    }

    [Test]
    public void Resample_WrongSizes_SayWhatWasExpected()
    {
        var face = new byte[FaceResampler.PixelCount];
        Assert.That(() => FaceResampler.Resample(new byte[5], 2, 2, face),
            Throws.ArgumentException.With.Message.Contains("2x2 gray image has 4 bytes; 5 given"));
        Assert.That(() => FaceResampler.Resample([], 0, 5, face), Throws.ArgumentException.With.Message.Contains("0x5 pixels is empty"));
        Assert.That(() => FaceResampler.Resample(new byte[1], 100_000, 100_000, face),
            Throws.ArgumentException.With.Message.Contains("50 megapixels"));
        Assert.That(() => FaceResampler.Resample(new byte[4], 2, 2, new byte[9]),
            Throws.ArgumentException.With.Message.Contains("2304 bytes; the buffer has 9"));
    }

    private static double AreaMean(byte[] image, int width, int height, int x, int y)
    {
        var (left, right) = ((double)x * width / Side, (double)(x + 1) * width / Side);
        var (top, bottom) = ((double)y * height / Side, (double)(y + 1) * height / Side);
        var (sum, area) = (0.0, 0.0);
        for (var row = (int)top; row < Math.Min(height, Math.Ceiling(bottom)); row++)
        {
            for (var column = (int)left; column < Math.Min(width, Math.Ceiling(right)); column++)
            {
                var part = (Math.Min(right, column + 1) - Math.Max(left, column)) * (Math.Min(bottom, row + 1) - Math.Max(top, row));
                sum += part * image[row * width + column];
                area += part;
            }
        }
        return sum / area;
    }

    private static byte[] Noise(int width, int height, int seed)
    {
        var image = new byte[width * height];
        new Random(seed).NextBytes(image);
        return image;
    }

    private static byte[] Resample(byte[] image, int width, int height)
    {
        var face = new byte[FaceResampler.PixelCount];
        FaceResampler.Resample(image, width, height, face);
        return face;
    }
}
