using SkiaSharp;

namespace FerMl.Tests;

public class FaceImageDecoderTests
{
    private const int Side = FaceResampler.Side;

    [TestCase(SKEncodedImageFormat.Png)]
    [TestCase(SKEncodedImageFormat.Jpeg)]
    [TestCase(SKEncodedImageFormat.Webp)]
    public void Decode_AnyFormat_GivesTheGrayFace(SKEncodedImageFormat format)
    {
        var face = Decode(TestImages.Encode(100, 80, format, (_, _) => new SKColor(200, 100, 50)));
        // 0.299 x 200 + 0.587 x 100 + 0.114 x 50 = 124.2; lossy formats may differ by up to 3.
        Assert.That(face, Is.All.EqualTo(124).Within(format == SKEncodedImageFormat.Png ? 0 : 3));
    }

    [Test]
    public void Decode_Bmp_GivesTheGrayFace() => Assert.That(Decode(TestImages.Bmp(50, 30, 99)), Is.All.EqualTo(99));

    [Test]
    public void Decode_Tiff_GivesTheGrayFace() =>
        Assert.That(Decode(TestImages.Tiff(60, (_, _) => new SKColor(77, 77, 77))), Is.All.EqualTo(77));

    // The stored image is bright in its upper left quarter. Where that quarter appears depends on the orientation (Exif 2.32, tag 274).
    [Test]
    public void Decode_TurnedCamera_IsUpright(
        [Range(1, 8)] int orientation, [Values("jpeg", "png", "png at end", "webp", "tiff")] string format)
    {
        var (column, row) = orientation switch { 1 or 5 => (0, 0), 2 or 6 => (1, 0), 3 or 7 => (1, 1), _ => (0, 1) };
        var face = Decode(format switch
        {
            "jpeg" => TestImages.JpegTurned(96, (ushort)orientation, Corner),
            "webp" => TestImages.WebpTurned(96, (ushort)orientation, Corner),
            "tiff" => TestImages.Tiff(96, Corner, (BitMiracle.LibTiff.Classic.Orientation)orientation),
            _ => TestImages.PngTurned(96, (ushort)orientation, Corner, atEnd: format == "png at end"),
        });
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var level = face[(12 + 24 * (quarter / 2)) * Side + 12 + 24 * (quarter % 2)];
            Assert.That(level, quarter == 2 * row + column ? Is.GreaterThan(240) : Is.LessThan(15), $"quarter {quarter}");
        }

        static SKColor Corner(int x, int y) => x < 48 && y < 48 ? SKColors.White : SKColors.Black;
    }

    [Test]
    public void Decode_DamagedExif_IsAnImageAllTheSame()
    {
        var random = new Random(3);
        var png = TestImages.PngTurned(48, 6, (x, _) => new SKColor((byte)x, 0, 0));
        for (var i = 0; i < 300; i++)
        {
            var changed = png.ToArray();
            changed[33 + 8 + random.Next(26)] = (byte)random.Next(256);
            Assert.That(() => Decode(changed), Throws.Nothing);
        }
    }

    [Test]
    public void Decode_DamagedTiff_IsATypedError()
    {
        var (random, refused) = (new Random(4), 0);
        var tiff = TestImages.Tiff(48, (x, y) => new SKColor((byte)(x * y), 0, 0));
        for (var i = 0; i < 300; i++)
        {
            var changed = i % 3 == 0 ? tiff[..random.Next(4, tiff.Length)] : tiff.ToArray();
            for (var k = 0; k < 4; k++)
                changed[random.Next(4, Math.Max(5, changed.Length))] ^= (byte)random.Next(256);
            try
            {
                Decode(changed);
            }
            catch (FaceImageException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.GreaterThan(100));
    }

    [Test]
    public void Decode_TiffOfAHundredMegapixels_IsRefusedBeforeDecoding()
    {
        var tiff = TestImages.Tiff(48, (_, _) => SKColors.Gray);
        // Changes the SHORT values of the width and height tags (256, 257) to LONG values of 10,000.
        for (var at = 0; at < tiff.Length - 12; at++)
            if (tiff[at] is 0 or 1 && tiff[at + 1] == 1 && tiff[at + 2] is 3 or 4 && tiff[at + 4] == 1 && tiff[at + 8] == 48)
                (tiff[at + 2], tiff[at + 8], tiff[at + 9]) = (4, 10_000 & 255, 10_000 >> 8);
        Assert.That(() => Decode(tiff), Throws.TypeOf<FaceImageException>().With.Message.Contains("100.0 megapixels"));
    }

    [Test]
    public void Decode_HundredMegapixels_IsRefusedBeforeDecoding()
    {
        var before = GC.GetTotalAllocatedBytes();
        Assert.That(() => Decode(TestImages.PngThatClaims(10_000, 10_000)),
            Throws.TypeOf<FaceImageException>().With.Message.EqualTo(
                "face: 10000x10000 is 100.0 megapixels, more than the 50 that are accepted; crop it to the face."));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(10_000_000));
    }

    [Test]
    public void Decode_Damaged_SaysHow()
    {
        var png = TestImages.Encode(60, 60);
        Assert.That(() => Decode([]), Throws.TypeOf<FaceImageException>().With.Message.EqualTo("face: the file is empty."));
        Assert.That(() => Decode("not an image"u8.ToArray()),
            Throws.TypeOf<FaceImageException>().With.Message.StartsWith("face: not an image in a supported format"));
        Assert.That(() => Decode(png[..30]),
            Throws.TypeOf<FaceImageException>().With.Message.EqualTo("face: the image is damaged or cut short."));
        Assert.That(() => Decode(png[..(png.Length / 2)]),
            Throws.TypeOf<FaceImageException>().With.Message.EqualTo("face: the image is cut short."));
    }

    [Test]
    public void Decode_EndlessStream_StopsAtTheLimit() =>
        Assert.That(() => FaceImageDecoder.Decode(new EndlessStream(), "face", new byte[FaceResampler.PixelCount]),
            Throws.TypeOf<FaceImageException>().With.Message.EqualTo("face: the file is larger than the 64 MB that are accepted."));

    private static byte[] Decode(byte[] encoded)
    {
        var face = new byte[FaceResampler.PixelCount];
        FaceImageDecoder.Decode(new MemoryStream(encoded), "face", face);
        return face;
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => buffer.Length;
        public override int Read(byte[] buffer, int offset, int count) => count;
    }
}
