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
        // 0.299 x 200 + 0.587 x 100 + 0.114 x 50 = 124.2; lossy formats may be off by a level or two.
        Assert.That(face, Is.All.EqualTo(124).Within(format == SKEncodedImageFormat.Png ? 0 : 3));
    }

    [Test]
    public void Decode_Bmp_GivesTheGrayFace() => Assert.That(Decode(TestImages.Bmp(50, 30, 99)), Is.All.EqualTo(99));

    // The stored image is bright in its upper left quarter. Where that quarter is seen depends on the orientation (Exif 2.32, tag 274).
    [TestCase(1, 0, 0)]
    [TestCase(2, 1, 0)]
    [TestCase(3, 1, 1)]
    [TestCase(4, 0, 1)]
    [TestCase(5, 0, 0)]
    [TestCase(6, 1, 0)]
    [TestCase(7, 1, 1)]
    [TestCase(8, 0, 1)]
    public void Decode_TurnedCamera_IsUpright(int orientation, int column, int row)
    {
        var face = Decode(TestImages.JpegTurned(96, (ushort)orientation, (x, y) => x < 48 && y < 48 ? SKColors.White : SKColors.Black));
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var level = face[(12 + 24 * (quarter / 2)) * Side + 12 + 24 * (quarter % 2)];
            Assert.That(level, quarter == 2 * row + column ? Is.GreaterThan(240) : Is.LessThan(15), $"quarter {quarter}");
        }
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
            Throws.TypeOf<FaceImageException>().With.Message.StartsWith("face: not an image in a format that is read"));
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
