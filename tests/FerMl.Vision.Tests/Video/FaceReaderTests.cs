using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FaceReaderTests : VisionTests
{
    private EmotionPredictor _predictor = null!;
    private HaarFaceDetector _detector = null!;

    [SetUp]
    public void Open() => (_predictor, _detector) = (EmotionPredictor.LoadDefault(PretrainedModel.SevenFast), new HaarFaceDetector());

    [TearDown]
    public void Close()
    {
        _predictor.Dispose();
        _detector.Dispose();
    }

    [TestCase(1)]
    [TestCase(3)]
    public void ReadNext_OfAVideo_SeesEachFaceUnderOneNumber(int detectEvery)
    {
        using var reader = new FaceReader(_detector, _predictor, new TrackingOptions { DetectEvery = detectEvery });
        var scene = new MovingFaces([.. Faces.Take(3)]);
        for (var number = 0; number < 30; number++)
        {
            var (frame, places) = FrameOf(scene, number);
            using (frame)
            {
                var seen = reader.ReadNext(frame);
                Assert.That(seen.Faces.Select(face => face.Id), Is.EqualTo(new[] { 1, 2, 3 }), $"frame {number}");
                foreach (var place in places)
                    Assert.That(seen.Faces.Max(face => FaceTracker.Overlap(face.Box, place)), Is.GreaterThan(0.5), $"frame {number}");
                Assert.That(seen.Faces.Select(face => face.Prediction.Scores.Sum(score => score.Score)), Is.All.EqualTo(1).Within(1e-4));
            }
        }
    }

    [Test]
    public void ReadNext_OfAFaceThatCantBeScored_LeavesItOutAndGoesOn()
    {
        using var predictor = new EmotionPredictor(EmotionNetwork.Open(FerMl.Tests.FaultyNetwork.FailingForBrightFaces(), "faulty.zip"));
        using var detector = new FakeDetector();
        using var reader = new FaceReader(detector, predictor);
        using var image = new Mat(200, 400, MatType.CV_8UC1, Scalar.All(100));
        image[new Rect(200, 0, 200, 200)].SetTo(Scalar.All(250));
        detector.Faces = [new FoundFace(new Rect(20, 50, 80, 80)), new FoundFace(new Rect(250, 50, 80, 80))];
        using var frame = new Frame(image.Clone(), 0, TimeSpan.Zero, "frame", 0);
        var seen = reader.ReadNext(frame);
        Assert.That(seen.Faces.Select(face => face.Box.X), Is.EqualTo(new[] { 20 }));
        Assert.That(seen.Problem, Does.StartWith("faulty.zip").And.Contain("NaN"));
        detector.Faces = [new FoundFace(new Rect(250, 50, 80, 80))];
        Assert.That(reader.ReadNext(frame), Has.Property("Faces").Empty.And.Property("Problem").Not.Null);
        Assert.That(() => reader.ReadPhoto(frame), Throws.TypeOf<EmotionModelException>());
        detector.Faces = [new FoundFace(new Rect(20, 50, 80, 80))];
        Assert.That(reader.ReadNext(frame), Has.Property("Faces").Not.Empty.And.Property("Problem").Null);
    }

    [Test]
    public void ReadNext_OfFacesThatAreCertain_VerifiesThemInEveryFourthFrame()
    {
        var known = new List<int>();
        using var detector = new ListeningDetector(known);
        using var reader = new FaceReader(detector, _predictor);
        using var source = new FakeSource(12);
        while (source.Read() is { } frame)
            using (frame)
                reader.ReadNext(frame);
        // A face is certain once it was detected three times.
        Assert.That(known, Is.EqualTo(new[] { 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0 }).Or.EqualTo(
            new[] { 0, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1 }));
    }

    /// <summary>Detects one face, and records how many known faces each call receives.</summary>
    private sealed class ListeningDetector(List<int> known) : IFaceDetector
    {
        public IReadOnlyList<FoundFace> Detect(GrayImage gray) => Detect(gray, []);

        public IReadOnlyList<FoundFace> Detect(GrayImage gray, IReadOnlyList<FoundFace> told)
        {
            known.Add(told.Count);
            return [new FoundFace(new Rect(8, 8, 24, 24), 0.95f)];
        }

        public void Dispose()
        {
        }
    }

    [Test]
    public void ReadPhoto_GivesWhatThePredictorSaysOfTheCutFace()
    {
        using var reader = new FaceReader(_detector, _predictor);
        var (frame, _) = FrameOf(new MovingFaces([Faces[0]]), 0);
        using (frame)
        using (var gray = GrayOf(frame.Image))
        {
            var seen = reader.ReadPhoto(frame).Faces.Single();
            var cut = new byte[FaceResampler.PixelCount];
            new FaceCrop().Crop(gray, seen.Box, cut);
            Assert.That(seen.Prediction.Scores, Is.EqualTo(_predictor.Predict(cut, 48, 48).Scores));
        }
    }

    [Test]
    public void ReadNext_OfAFaceThatIsTracked_ClassifiesItAsItLooksNow()
    {
        using var reader = new FaceReader(
            _detector, _predictor, new TrackingOptions { DetectEvery = 2, SmoothingSeconds = 0 });
        var scene = new MovingFaces([Faces[0]]);
        using (var first = FrameOf(scene, 0).Frame)
            reader.ReadNext(first);
        using var second = FrameOf(scene, 1).Frame;
        second.Image.ConvertTo(second.Image, -1, 0.4);
        using var gray = GrayOf(second.Image);
        var seen = reader.ReadNext(second).Faces.Single();
        var cut = new byte[FaceResampler.PixelCount];
        new FaceCrop().Crop(gray, seen.Box, cut);
        Assert.That(seen.Prediction.Scores, Is.EqualTo(_predictor.Predict(cut, 48, 48).Scores));
    }

    [Test]
    public void ReadNext_AfterAChangeOfSize_BeginsANewScene()
    {
        using var reader = new FaceReader(_detector, _predictor, new TrackingOptions { DetectEvery = 5 });
        var (large, small) = (new MovingFaces([Faces[0]]), new MovingFaces([Faces[0]], 400, 300));
        Assert.That(IdsOf(large, 0), Is.EqualTo(new[] { 1 }));
        Assert.That(IdsOf(small, 1), Is.EqualTo(new[] { 2 }));
        Assert.That(IdsOf(small, 2), Is.EqualTo(new[] { 2 }));

        int[] IdsOf(MovingFaces scene, int number)
        {
            var (frame, _) = FrameOf(scene, number);
            using (frame)
                return [.. reader.ReadNext(frame).Faces.Select(face => face.Id)];
        }
    }

    [Test]
    public void ReadNext_OfAnEightKFrame_FindsTheFace()
    {
        using var reader = new FaceReader(_detector, _predictor);
        var (frame, places) = FrameOf(new MovingFaces([Faces[0]], 7680, 4320, 1200), 0);
        using (frame)
            Assert.That(FaceTracker.Overlap(reader.ReadNext(frame).Faces.Single().Box, places[0]), Is.GreaterThan(0.5));
    }

    [Test]
    public void ReadNext_OfAnEmptyFrame_SaysSo()
    {
        using var reader = new FaceReader(_detector, _predictor);
        using var frame = new Frame(new Mat(), 0, TimeSpan.Zero, "camera 0", 0);
        Assert.That(() => reader.ReadNext(frame),
            Throws.TypeOf<VisionException>().With.Message.EqualTo("camera 0: the frame is empty (0x0 pixels)."));
    }

    [Test]
    public void ReadNext_OfAFrameOfAnotherKind_SaysWhatIsExpected()
    {
        using var reader = new FaceReader(_detector, _predictor);
        using var frame = new Frame(new Mat(10, 10, MatType.CV_32FC1, new Scalar(0)), 0, TimeSpan.Zero, "camera 0", 0);
        Assert.That(() => reader.ReadNext(frame), Throws.TypeOf<VisionException>().With.Message.Contains("expected 8 bits per channel"));
    }

    [Test]
    public void ReadNext_OfAGrayFrame_SeesWhatItSeesInColor()
    {
        using var reader = new FaceReader(_detector, _predictor);
        var (frame, _) = FrameOf(new MovingFaces([Faces[0]]), 0);
        using (frame)
        using (var gray = new Frame(GrayOf(frame.Image), 0, TimeSpan.Zero, "gray", 0))
            Assert.That(reader.ReadPhoto(gray).Faces.Single().Box, Is.EqualTo(reader.ReadPhoto(frame).Faces.Single().Box));
    }

    private static (Frame Frame, Rect[] Places) FrameOf(MovingFaces scene, int number)
    {
        var (image, places) = scene.Draw(number);
        return (new Frame(image, number, TimeSpan.FromSeconds(number / 30.0), "clip", 0), places);
    }
}
