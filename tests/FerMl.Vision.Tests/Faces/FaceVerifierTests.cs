using FerMl.Tests;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FaceVerifierTests
{
    [TestCase(100, 0)]
    [TestCase(137, 0)]
    [TestCase(138, 6)]
    [TestCase(340, 6)]
    public void Crop_OfALargeFace_ComesFromADownscaledCopy_AndLooksTheSame(int side, double difference)
    {
        var photo = Photo.ReadGray(Repository.Data("astronaut.png"));
        var face = new FoundFace(new Rect(80, 40, side, side), 1, 25);
        var (direct, fromCopy) = (new byte[FaceResampler.PixelCount], new byte[FaceResampler.PixelCount]);
        new FaceCrop { Scale = FaceVerifier.CropScale, UprightFrom = 0 }.Crop(photo, face.Box, direct, face.Roll);
        FaceVerifier.Crop(new GrayPyramid(photo), face, fromCopy);
        Assert.That(direct.Zip(fromCopy, (one, other) => Math.Abs(one - other)).Average(), Is.InRange(0, difference));
        Assert.That(fromCopy.SequenceEqual(direct), Is.EqualTo(difference == 0));
    }

    [TestCase(512, 512, -299, 20, 300)]
    [TestCase(512, 512, 511, 511, 700)]
    [TestCase(1, 900, 0, 100, 600)]
    [TestCase(900, 1, 100, 0, 600)]
    public void Crop_OfALargeFaceMostlyOutsideTheImage_HasItsPixels(int width, int height, int x, int y, int side)
    {
        var image = new GrayPyramid(new GrayImage(Enumerable.Repeat((byte)90, width * height).ToArray(), width, height));
        var pixels = new byte[FaceResampler.PixelCount];
        FaceVerifier.Crop(image, new FoundFace(new Rect(x, y, side, side), 1, 40), pixels);
        Assert.That(pixels, Is.All.EqualTo(90));
    }

    [Test]
    public void Pyramid_HasHalfTheSizePerLevel_AtLeastOnePixel_AndKeepsItsCopies()
    {
        var pyramid = new GrayPyramid(new GrayImage(Enumerable.Repeat((byte)90, 35).ToArray(), 5, 7));
        Assert.That(Enumerable.Range(0, 5).Select(level => (pyramid[level].Width, pyramid[level].Height)),
            Is.EqualTo(new[] { (5, 7), (2, 3), (1, 1), (1, 1), (1, 1) }));
        Assert.That(pyramid[2].Pixels.ToArray(), Is.EqualTo(new byte[] { 90 }));
        Assert.That(pyramid[1].Pixels.Equals(pyramid[1].Pixels));
    }
}
