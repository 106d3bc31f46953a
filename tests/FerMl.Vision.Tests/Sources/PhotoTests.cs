using FerMl.Tests;
using OpenCvSharp;
using SkiaSharp;

namespace FerMl.Vision.Tests;

public class PhotoTests : VisionTests
{
    // The stored image is bright in its upper left quarter. Where that quarter appears depends on the orientation (Exif 2.32, tag 274).
    [Test]
    public void Read_TurnedCamera_IsUpright([Range(1, 8)] int orientation, [Values("jpg", "png", "webp", "tif")] string format)
    {
        var (column, row) = orientation switch { 1 or 5 => (0, 0), 2 or 6 => (1, 0), 3 or 7 => (1, 1), _ => (0, 1) };
        var path = Folder.Write($"photo.{format}", format switch
        {
            "jpg" => TestImages.JpegTurned(96, (ushort)orientation, Corner),
            "webp" => TestImages.WebpTurned(96, (ushort)orientation, Corner),
            "tif" => TestImages.Tiff(96, Corner, (BitMiracle.LibTiff.Classic.Orientation)orientation),
            _ => TestImages.PngTurned(96, (ushort)orientation, Corner),
        });
        using var photo = Photo.Read(path);
        Assert.That((photo.Width, photo.Height, photo.Type()), Is.EqualTo((96, 96, MatType.CV_8UC3)));
        var gray = Photo.ReadGray(path);
        Assert.That((gray.Width, gray.Height), Is.EqualTo((96, 96)));
        for (var quarter = 0; quarter < 4; quarter++)
        {
            Assert.That(gray.Pixels.Span[(24 + 48 * (quarter / 2)) * 96 + 24 + 48 * (quarter % 2)],
                quarter == 2 * row + column ? Is.GreaterThan(240) : Is.LessThan(15), $"quarter {quarter}, gray");
            var level = photo.At<Vec3b>(24 + 48 * (quarter / 2), 24 + 48 * (quarter % 2)).Item0;
            Assert.That(level, quarter == 2 * row + column ? Is.GreaterThan(240) : Is.LessThan(15), $"quarter {quarter}");
        }

        static SKColor Corner(int x, int y) => x < 48 && y < 48 ? SKColors.White : SKColors.Black;
    }

    [Test]
    public void Read_KeepsColorsAndSize()
    {
        using var photo = Photo.Read(Folder.Write("photo.png", TestImages.Encode(40, 30, color: (_, _) => new SKColor(200, 100, 50))));
        Assert.That((photo.Width, photo.Height), Is.EqualTo((40, 30)));
        Assert.That(photo.At<Vec3b>(7, 9), Is.EqualTo(new Vec3b(50, 100, 200)));
    }

    [Test]
    public void Read_CutShort_SaysSo() => Assert.That(
        () => Photo.Read(Folder.Write("photo.png", TestImages.Encode(60, 60)[..700])),
        Throws.TypeOf<VisionException>().With.Message.EndsWith("photo.png: the image is cut short."));
}
