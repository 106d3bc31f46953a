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
        // Source column i has the value 10 i. Output column x lies at source (x + 0.5) / 2 - 0.5: 0, 0.25, 0.75, 1.25, ...
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

    [TestCase(1_920, 1_080)]
    [TestCase(49, 50)]
    [TestCase(48, 500)]
    [TestCase(500, 48)]
    [TestCase(17, 16)]
    [TestCase(16, 33)]
    [TestCase(15, 64)]
    [TestCase(1_000, 31)]
    [TestCase(97, 1)]
    public void Resample_IsToTheByteWhatOneSumAfterAnotherGives(int width, int height)
    {
        var random = new Random(width + height);
        var (gray, color) = (new byte[width * height], new byte[4 * width * height]);
        random.NextBytes(gray);
        random.NextBytes(color);
        Assert.That(Resample(gray, width, height), Is.EqualTo(OneAfterAnother(gray, width, height)));
        foreach (var redFirst in new[] { true, false })
        {
            var (red, blue) = redFirst ? (0, 2) : (2, 0);
            byte[] levels = [.. Enumerable.Range(0, width * height).Select(i =>
                (byte)((19595 * color[4 * i + red] + 38470 * color[4 * i + 1] + 7471 * color[4 * i + blue] + 32768) >> 16))];
            var face = new byte[FaceResampler.PixelCount];
            FaceResampler.ResampleColor(color, width, height, redFirst, face);
            Assert.That(face, Is.EqualTo(OneAfterAnother(levels, width, height)));
        }
    }

    private static byte[] OneAfterAnother(byte[] gray, int width, int height)
    {
        const int side = FaceResampler.Side;
        if (width == side && height == side)
            return gray;
        var (columns, rows, narrow) = (AxisWeights.Between(width, side), AxisWeights.Between(height, side), new float[height * side]);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < side; x++)
                for (var k = 0; k < columns[x].Weights.Length; k++)
                    narrow[y * side + x] += columns[x].Weights[k] * gray[y * width + columns[x].First + k];
        var face = new byte[side * side];
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var sum = 0f;
                for (var k = 0; k < rows[y].Weights.Length; k++)
                    sum += rows[y].Weights[k] * narrow[(rows[y].First + k) * side + x];
                face[y * side + x] = (byte)Math.Clamp((int)(sum + 0.5f), 0, 255);
            }
        return face;
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
