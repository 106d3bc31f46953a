using System.ComponentModel.DataAnnotations;
using FerMl.Tests;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class HaarFaceDetectorTests : VisionTests
{
    [Test]
    public void Detect_InARealPhoto_FindsItsOneFace()
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        using var detector = new HaarFaceDetector();
        var found = detector.Detect(gray);
        Assert.That(found, Has.Count.EqualTo(1));
        // The face as a person would annotate it: from brows to chin, about 100 pixels wide.
        Assert.That(FaceTracker.Overlap(found[0].Box, new Rect(172, 66, 100, 100)), Is.GreaterThan(0.7));
    }

    [TestCase(1)]
    [TestCase(5)]
    public void Detect_OfMovingFaces_FindsEachWhereItIs(int faces)
    {
        using var detector = new HaarFaceDetector();
        for (var number = 0; number < 60; number += 7)
        {
            var (image, places) = new MovingFaces([.. Faces.Take(faces)]).Draw(number);
            using (image)
            using (var gray = GrayOf(image))
            {
                var found = detector.Detect(gray);
                Assert.That(found, Has.Count.EqualTo(faces), $"image {number}");
                foreach (var place in places)
                    Assert.That(found.Max(face => FaceTracker.Overlap(face.Box, place)), Is.GreaterThan(0.5), $"image {number}");
            }
        }
    }

    [Test]
    public void Detect_WhereThereIsNoFace_FindsNone()
    {
        using var detector = new HaarFaceDetector();
        using var even = new Mat(480, 640, MatType.CV_8UC1, new Scalar(128));
        using var tiny = new Mat(1, 1, MatType.CV_8UC1, new Scalar(0));
        using var line = new Mat(1, 4_000, MatType.CV_8UC1, new Scalar(0));
        foreach (var image in new[] { even, tiny, line })
            Assert.That(detector.Detect(image), Is.Empty);
    }

    [Test]
    public void Detect_OfNothing_Throws()
    {
        using var detector = new HaarFaceDetector();
        using var empty = new Mat();
        Assert.That(() => detector.Detect(empty), Throws.TypeOf<VisionException>());
    }

    [Test]
    public void Detect_WithALargerSmallestFace_LeavesSmallerOnesOut()
    {
        var (image, _) = new MovingFaces([Faces[0]]).Draw(0);
        using (image)
        using (var gray = GrayOf(image))
        using (var detector = new HaarFaceDetector(new HaarOptions { MinFace = 300 }))
            Assert.That(detector.Detect(gray), Is.Empty);
    }

    [Test]
    public void Distinct_OfBoxesOfOneFace_KeepsTheLargest()
    {
        var kept = HaarFaceDetector.Distinct(
            [new Rect(20, 20, 40, 40), new Rect(10, 10, 80, 80), new Rect(200, 10, 60, 60), new Rect(210, 12, 60, 60)]);
        Assert.That(kept, Is.EqualTo(new[] { new Rect(10, 10, 80, 80), new Rect(200, 10, 60, 60) }));
    }

    [Test]
    public void New_WithACascadeThatIsNowhere_SaysWhereItWasLookedForAndHowToGetIt() =>
        Assert.That(() => new HaarFaceDetector(new HaarOptions { Cascade = "nothing" }), Throws.TypeOf<VisionException>().With.Message
            .Contains("'nothing' is neither a file nor, as haarcascade_frontalface_nothing.xml, next to the program or in "
                + "").And.Message.Contains("/usr/share/opencv4/haarcascades").And.Message.Contains("apt-get install opencv-data"));

    [TestCase("no XML at all")]
    [TestCase("<?xml version=\"1.0\"?><opencv_storage><cascade></cascade></opencv_storage>")]
    [TestCase("")]
    public void New_WithAFileThatIsNoCascade_SaysSo(string content)
    {
        var file = Folder.Write("cascade.xml", content);
        Assert.That(() => new HaarFaceDetector(new HaarOptions { Cascade = file }),
            Throws.TypeOf<VisionException>().With.Message.StartsWith($"{file}: not a cascade that OpenCV can read"));
    }

    [Test]
    public void New_WithAValueOutsideItsRange_Throws()
    {
        HaarOptions usual = new();
        foreach (var wrong in new[] { usual with { MinFace = 19 }, usual with { MinFace = 4_001 }, usual with { DownscaledMinFace = 19 },
            usual with { DownscaledMinFace = 201 }, usual with { ScaleFactor = 1.01 }, usual with { ScaleFactor = 2.1 },
                usual with { MinNeighbors = -1 }, usual with { MinNeighbors = 101 }, usual with { Cascade = "" } })
            Assert.That(() => new HaarFaceDetector(wrong), Throws.TypeOf<ValidationException>(), wrong.ToString());
    }

    [Test]
    public void Options_HaveTheirDocumentedDefaults() =>
        Assert.That(new HaarOptions(), Is.EqualTo(new HaarOptions
        {
            Cascade = "alt2",
            MinFace = null,
            DownscaledMinFace = 32,
            ScaleFactor = 1.2,
            MinNeighbors = 3,
            EqualizeHistogram = true,
        }));
}
