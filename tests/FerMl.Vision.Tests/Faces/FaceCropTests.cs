using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FaceCropTests : VisionTests
{
    [Test]
    public void Defaults_AreThoseMeasured() => Assert.That(new FaceCrop(),
        Is.EqualTo(new FaceCrop { Scale = 1.05, OffsetY = 0, UprightFrom = 10 }));

    [Test]
    public void SquareFor_IsCentredOnTheBoxAndInProportion()
    {
        Assert.That(new FaceCrop { Scale = 1.5 }.SquareFor(new Rect(100, 60, 40, 40)), Is.EqualTo(new Rect(90, 50, 60, 60)));
        Assert.That(new FaceCrop { Scale = 1, OffsetY = 0.25 }.SquareFor(new Rect(100, 60, 40, 40)), Is.EqualTo(new Rect(100, 70, 40, 40)));
        Assert.That(new FaceCrop { Scale = 1 }.SquareFor(new Rect(0, 0, 40, 60)), Is.EqualTo(new Rect(-5, 5, 50, 50)));
    }

    [Test]
    public void Crop_OfABoxAsLargeAsAFace_GivesItsVeryPixels()
    {
        using var image = new Mat(100, 120, MatType.CV_8UC1, new Scalar(7));
        using var face = Mat.FromPixelData(48, 48, MatType.CV_8UC1, Faces[0]);
        using (var place = image.SubMat(new Rect(30, 20, 48, 48)))
            face.CopyTo(place);
        var cut = new byte[FaceResampler.PixelCount];
        new FaceCrop { Scale = 1 }.Crop(image, new Rect(30, 20, 48, 48), cut);
        Assert.That(cut, Is.EqualTo(Faces[0]));
    }

    [Test]
    public void Crop_BeyondTheEdge_GoesOnWithTheNearestPixels()
    {
        using var image = new Mat(48, 48, MatType.CV_8UC1, new Scalar(50));
        using (var column = image.Col(0))
            column.SetTo(new Scalar(200));
        var cut = new byte[FaceResampler.PixelCount];
        new FaceCrop { Scale = 1 }.Crop(image, new Rect(-24, 0, 48, 48), cut);
        Assert.That((cut[0], cut[24], cut[25], cut[47]), Is.EqualTo(((byte)200, (byte)200, (byte)50, (byte)50)));
    }

    [Test]
    public void Crop_OutsideTheImage_Throws()
    {
        using var image = new Mat(48, 48, MatType.CV_8UC1, new Scalar(50));
        Assert.That(() => new FaceCrop().Crop(image, new Rect(500, 500, 40, 40), new byte[FaceResampler.PixelCount]),
            Throws.TypeOf<VisionException>().With.Message.Contains("outside the image of 48x48"));
    }

    [TestCase(90)]
    [TestCase(-90)]
    [TestCase(180)]
    public void Crop_OfAHeadThatLeans_TurnsItUpright(int degrees)
    {
        using var upright = new Mat(200, 200, MatType.CV_8UC1, new Scalar(7));
        using var face = Mat.FromPixelData(48, 48, MatType.CV_8UC1, Faces[0]);
        using (var place = upright.SubMat(new Rect(76, 76, 48, 48)))
            face.CopyTo(place);
        using var rolled = new Mat();
        Cv2.Rotate(upright, rolled, degrees == 90 ? RotateFlags.Rotate90Clockwise
            : degrees == -90 ? RotateFlags.Rotate90Counterclockwise : RotateFlags.Rotate180);
        var (cut, expected) = (new byte[FaceResampler.PixelCount], new byte[FaceResampler.PixelCount]);
        new FaceCrop().Crop(rolled, new Rect(76, 76, 48, 48), cut, degrees);
        new FaceCrop().Crop(upright, new Rect(76, 76, 48, 48), expected);
        Assert.That(cut, Is.EqualTo(expected));
    }

    [Test]
    public void Crop_OfAHeadThatLeansALittle_LeavesItAsItIs()
    {
        using var image = new Mat(100, 120, MatType.CV_8UC1, new Scalar(7));
        using (var place = image.SubMat(new Rect(30, 20, 48, 48)))
        using (var face = Mat.FromPixelData(48, 48, MatType.CV_8UC1, Faces[0]))
            face.CopyTo(place);
        var (cut, turned, expected) = (new byte[FaceResampler.PixelCount], new byte[FaceResampler.PixelCount],
            new byte[FaceResampler.PixelCount]);
        new FaceCrop().Crop(image, new Rect(30, 20, 48, 48), expected);
        new FaceCrop().Crop(image, new Rect(30, 20, 48, 48), cut, 9.9);
        new FaceCrop().Crop(image, new Rect(30, 20, 48, 48), turned, 10);
        Assert.That(cut, Is.EqualTo(expected));
        Assert.That(turned, Is.Not.EqualTo(expected));
    }

    [Test]
    public void Crop_InLittleLight_BrightensTheFace_AndLeavesOthersAsTheyAre()
    {
        var crop = new FaceCrop { Scale = 1 };
        using var photo = Mat.FromPixelData(FaceResampler.Side, FaceResampler.Side, MatType.CV_8UC1, (byte[])Faces[0].Clone());
        using var dark = new Mat();
        photo.ConvertTo(dark, -1, 0.1);
        var box = new Rect(0, 0, FaceResampler.Side, FaceResampler.Side);
        var (usual, brightened) = (new byte[FaceResampler.PixelCount], new byte[FaceResampler.PixelCount]);
        crop.Crop(photo, box, usual);
        crop.Crop(dark, box, brightened);
        Assert.That(usual, Is.EqualTo(Faces[0]));
        Assert.That(brightened.Max() - brightened.Min(), Is.GreaterThan(240));
    }
}
