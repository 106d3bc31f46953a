using OpenCvSharp;

namespace FerMl.Vision.Tests;

/// <summary>FerMl's own image operations, with which photographs need no OpenCV, match OpenCV's.</summary>
public class GrayRegionsTests : VisionTests
{
    [TestCase(640, 480, 320, 240)]
    [TestCase(641, 479, 137, 101)]
    [TestCase(97, 61, 81, 51)]
    [TestCase(50, 40, 50, 40)]
    [TestCase(33, 500, 1, 1)]
    public void Resize_OfAnImageThatShrinks_IsOpenCvsAreaInterpolation(int width, int height, int newWidth, int newHeight)
    {
        var pixels = new byte[width * height];
        new Random(3).NextBytes(pixels);
        var resized = new byte[newWidth * newHeight];
        GrayResizer.Resize(pixels, width, height, resized, newWidth, newHeight);
        using var image = Mat.FromPixelData(height, width, MatType.CV_8UC1, pixels);
        using var expected = new Mat();
        Cv2.Resize(image, expected, new Size(newWidth, newHeight), 0, 0, InterpolationFlags.Area);
        Assert.That(Differences(resized, expected).Max(), Is.LessThanOrEqualTo(1));
    }

    [TestCase(10, 10, 60, 40)]
    [TestCase(-20, -30, 60, 70)]
    [TestCase(80, 70, 50, 60)]
    [TestCase(-10, -10, 200, 200)]
    public void Copy_BeyondTheEdges_RepeatsTheNearestPixels(int x, int y, int width, int height)
    {
        using var image = Smooth(100, 90);
        var (region, bounds) = (new Rect(x, y, width, height), new Rect(0, 0, 100, 90));
        var copied = new byte[width * height];
        GrayRegions.Copy(image.ToGrayImage(), region, copied);
        using var expected = new Mat();
        var inside = region & bounds;
        using (var part = image.SubMat(inside))
            Cv2.CopyMakeBorder(part, expected, inside.Y - y, region.Bottom - inside.Bottom, inside.X - x, region.Right - inside.Right,
                BorderTypes.Replicate);
        Assert.That(Differences(copied, expected).Max(), Is.Zero);
    }

    [TestCase(0, 40, 30)]
    [TestCase(25, 60, 20)]
    [TestCase(-140, 70, 80)]
    [TestCase(90, -10, 5)]
    public void CopyRotated_IsOpenCvsAffineWarp(double degrees, double x, double y)
    {
        const int side = 50;
        using var image = Smooth(120, 110);
        var roll = degrees * Math.PI / 180;
        var rotated = new byte[side * side];
        GrayRegions.CopyRotated(image.ToGrayImage(), side, roll, x, y, rotated);
        using var back = Mat.FromArray(new double[,] { { Math.Cos(roll), -Math.Sin(roll), x }, { Math.Sin(roll), Math.Cos(roll), y } });
        using var expected = new Mat();
        Cv2.WarpAffine(image, expected, back, new Size(side, side), InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap,
            BorderTypes.Replicate);
        var differences = Differences(rotated, expected);
        Assert.That(differences.Max(), Is.LessThan(4));
        Assert.That(differences.Average(), Is.LessThan(0.6));
    }

    [Test]
    public void CopyRotated_AtEveryEdge_StaysInTheImage()
    {
        var (random, image) = (new Random(6), new GrayImage(Enumerable.Repeat((byte)70, 90 * 80).ToArray(), 90, 80));
        var into = new byte[70 * 70];
        for (var i = 0; i < 20_000; i++)
        {
            // Includes integer positions and rotations by 90 degrees, where lines end on the last pixel.
            var (side, roll) = (random.Next(1, 71), random.Next(3) > 0 ? random.NextDouble() * 7 - 3.5 : random.Next(5) * Math.PI / 2);
            var (x, y) = (random.Next(-20, 100) + random.Next(2) * random.NextDouble(), random.Next(-20, 100) + random.Next(2) * 0.5);
            GrayRegions.CopyRotated(image, side, roll, x, y, into);
            Assert.That(into.AsSpan(0, side * side).IndexOfAnyExcept((byte)70), Is.EqualTo(-1), $"{side}, {roll}, {x}, {y}");
        }
    }

    [Test]
    public void Detect_OfPixelsThatDontFitTheirSize_IsRefused()
    {
        using var detector = new CnnFaceDetector();
        Assert.That(() => detector.Detect(new GrayImage(new byte[10], 4, 4)),
            Throws.TypeOf<VisionException>().With.Message.EqualTo("A 4x4 gray image has 16 bytes; 10 given."));
        Assert.That(() => detector.Detect(default(GrayImage)), Throws.TypeOf<VisionException>().With.Message.Contains("has no pixels"));
    }

    private static Mat Smooth(int width, int height)
    {
        var pixels = new byte[width * height];
        new Random(5).NextBytes(pixels);
        using var image = Mat.FromPixelData(height, width, MatType.CV_8UC1, pixels);
        return image.GaussianBlur(new Size(7, 7), 2);
    }

    private static int[] Differences(byte[] pixels, Mat expected)
    {
        var others = expected.AsSpan<byte>().ToArray();
        Assert.That(others, Has.Length.EqualTo(pixels.Length));
        return [.. pixels.Zip(others, (one, other) => Math.Abs(one - other))];
    }
}
