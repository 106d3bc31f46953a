using System.ComponentModel.DataAnnotations;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FaceTrackerTests : VisionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(40);

    [Test]
    public void Update_OfFacesThatMove_KeepsTheirNumbers()
    {
        using var gray = new Mat(480, 640, MatType.CV_8UC1, new Scalar(0));
        using var tracker = new FaceTracker(new TrackingOptions());
        for (var i = 0; i < 20; i++)
        {
            // Found in another order each time.
            Rect[] boxes = [new(100 + 5 * i, 100, 80, 80), new(400 - 5 * i, 100, 80, 80)];
            tracker.Update(i % 2 == 0 ? boxes : [.. boxes.Reverse()], gray, i * Step);
            Assert.That(tracker.Visible.Select(track => (track.Id, track.Box)), Is.EqualTo(new[] { (1, boxes[0]), (2, boxes[1]) }),
                $"frame {i}");
        }
    }

    [Test]
    public void Update_OfAFaceThatWasMissed_KnowsItAgainWithinItsMemoryOnly()
    {
        using var gray = new Mat(480, 640, MatType.CV_8UC1, new Scalar(0));
        using var tracker = new FaceTracker(new TrackingOptions { MaxMissedSeconds = 0.5 });
        Rect box = new(100, 100, 80, 80);
        tracker.Update([box], gray, TimeSpan.Zero);
        tracker.Update([], gray, TimeSpan.FromSeconds(0.3));
        Assert.That(tracker.Visible, Is.Empty);
        tracker.Update([box], gray, TimeSpan.FromSeconds(0.5));
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(1));
        tracker.Update([], gray, TimeSpan.FromSeconds(1.2));
        tracker.Update([box], gray, TimeSpan.FromSeconds(1.3));
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(2));
    }

    [Test]
    public void Follow_BetweenDetections_StaysOnAMovingFace()
    {
        var scene = new MovingFaces([Faces[0]]);
        using var tracker = new FaceTracker(new TrackingOptions { DetectEvery = 10 });
        for (var number = 0; number < 10; number++)
        {
            var (image, places) = scene.Draw(number);
            using (image)
            using (var gray = GrayOf(image))
            {
                if (number == 0)
                    tracker.Update(places, gray, TimeSpan.Zero);
                else
                    tracker.Follow(gray, number * Step);
                Assert.That(tracker.Visible.Single().Id, Is.EqualTo(1));
                Assert.That(FaceTracker.Overlap(tracker.Visible.Single().Box, places[0]), Is.GreaterThan(0.8), $"frame {number}");
            }
        }
    }

    [Test]
    public void Follow_OfAFaceThatIsGone_LosesIt()
    {
        var (image, places) = new MovingFaces([Faces[0]]).Draw(0);
        using var tracker = new FaceTracker(new TrackingOptions { DetectEvery = 10 });
        using (image)
        using (var gray = GrayOf(image))
            tracker.Update(places, gray, TimeSpan.Zero);
        using var empty = new Mat(480, 640, MatType.CV_8UC1, new Scalar(0));
        tracker.Follow(empty, Step);
        Assert.That(tracker.Visible, Is.Empty);
    }

    [Test]
    public void Average_WeighsThePastByTimeAndNotByFrameRate()
    {
        using var track = new FaceTrack(1, new Rect(0, 0, 10, 10), TimeSpan.Zero);
        using var often = new FaceTrack(2, new Rect(0, 0, 10, 10), TimeSpan.Zero);
        _ = track.Average([1, 0], TimeSpan.Zero, 0.5);
        _ = often.Average([1, 0], TimeSpan.Zero, 0.5);
        var once = track.Average([0, 1], TimeSpan.FromSeconds(0.5), 0.5).ToArray();
        float[] twice = [];
        for (var i = 1; i <= 10; i++)
            twice = often.Average([0, 1], TimeSpan.FromSeconds(0.05 * i), 0.5).ToArray();
        Assert.That(once[0], Is.EqualTo(Math.Exp(-1)).Within(1e-6));
        Assert.That(twice, Is.EqualTo(once).Within(1e-5));
    }

    [Test]
    public void Average_WithoutSmoothing_GivesTheNewestScores()
    {
        using var track = new FaceTrack(1, new Rect(0, 0, 10, 10), TimeSpan.Zero);
        _ = track.Average([1, 0], TimeSpan.Zero, 0);
        Assert.That(track.Average([0, 1], TimeSpan.FromSeconds(0.01), 0).ToArray(), Is.EqualTo(new float[] { 0, 1 }));
    }

    [Test]
    public void Options_HaveTheirDocumentedDefaultsAndRanges()
    {
        TrackingOptions usual = new();
        Assert.That(usual, Is.EqualTo(new TrackingOptions
        {
            DetectEvery = 1,
            MinIoU = 0.3,
            MaxMissedSeconds = 0.5,
            SmoothingSeconds = 0.5,
        }));
        using var detector = new HaarFaceDetector();
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        foreach (var wrong in new[] { usual with { DetectEvery = 0 }, usual with { DetectEvery = 101 }, usual with { MinIoU = 0.04 },
            usual with { MinIoU = 0.96 }, usual with { MaxMissedSeconds = -1 }, usual with { MaxMissedSeconds = 61 },
                usual with { SmoothingSeconds = -1 }, usual with { SmoothingSeconds = 61 } })
            Assert.That(() => new FaceReader(detector, predictor, wrong), Throws.TypeOf<ValidationException>(), wrong.ToString());
    }
}
