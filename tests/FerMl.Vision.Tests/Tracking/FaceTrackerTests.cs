using System.ComponentModel.DataAnnotations;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FaceTrackerTests : VisionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(40);
    private static readonly FoundFace Somewhere = new(new Rect(0, 0, 10, 10));
    private static readonly AppearanceDescriptor Plain = new(new byte[FaceResampler.PixelCount], new byte[FaceResampler.PixelCount]);

    private static void Update(FaceTracker tracker, IReadOnlyList<Rect> boxes, GrayImage gray, TimeSpan time) =>
        tracker.Update([.. boxes.Select(box => new FoundFace(box))], [.. boxes.Select(_ => Plain)], gray, time, isFollowed: true);

    [Test]
    public void Update_OfFacesThatMove_KeepsTheirNumbers()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        for (var i = 0; i < 20; i++)
        {
            // The order of detections alternates.
            Rect[] boxes = [new(100 + 5 * i, 100, 80, 80), new(400 - 5 * i, 100, 80, 80)];
            Update(tracker, i % 2 == 0 ? boxes : [.. boxes.Reverse()], gray, i * Step);
            Assert.That(tracker.Visible.Select(track => (track.Id, track.Box)), Is.EqualTo(new[] { (1, boxes[0]), (2, boxes[1]) }),
                $"frame {i}");
        }
    }

    [Test]
    public void Update_OfAFaceThatWasMissed_KnowsItAgainWithinItsMemoryOnly()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions { MaxMissedSeconds = 0.5 });
        Rect box = new(100, 100, 80, 80);
        Update(tracker, [box], gray, TimeSpan.Zero);
        Update(tracker, [], gray, TimeSpan.FromSeconds(0.3));
        Assert.That(tracker.Visible, Is.Empty);
        Update(tracker, [box], gray, TimeSpan.FromSeconds(0.5));
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(1));
        Update(tracker, [], gray, TimeSpan.FromSeconds(1.2));
        Update(tracker, [box], gray, TimeSpan.FromSeconds(1.3));
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(2));
    }

    [Test]
    public void Update_OfAFaceThatComesBackWithinItsMemory_KnowsItByItsLooks()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        tracker.Update([At(500, 100)], [Look(1)], gray, TimeSpan.Zero);
        tracker.Update([], [], gray, TimeSpan.FromSeconds(1));
        // The face returns after two seconds, elsewhere and with a roll, next to a new face.
        tracker.Update([At(300, 120), At(420, 160) with { Roll = 40 }], [Look(2), Look(1)], gray, TimeSpan.FromSeconds(2));
        Assert.That(tracker.Visible.Select(track => (track.Id, track.Box.X)), Is.EqualTo(new[] { (1, 420), (2, 300) }));
    }

    [Test]
    public void Update_OfAFaceThatIsSeenInPartAtFirst_GivesItItsNumberBack()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        tracker.Update([At(100, 100)], [Look(1)], gray, TimeSpan.Zero);
        tracker.Update([], [], gray, TimeSpan.FromSeconds(1));
        // The face is partly covered at first, so that it looks different, and then completely visible.
        tracker.Update([At(400, 100)], [Look(2)], gray, TimeSpan.FromSeconds(2));
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(2));
        tracker.Update([At(405, 100)], [Look(1)], gray, TimeSpan.FromSeconds(2) + Step);
        Assert.That(tracker.Visible.Select(track => (track.Id, track.Box.X)), Is.EqualTo(new[] { (1, 405) }));
        tracker.Update([At(410, 100)], [Look(1)], gray, TimeSpan.FromSeconds(2) + 2 * Step);
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(1));
    }

    [Test]
    public void Update_OfAFaceThatOnlyLaterLooksLikeOneThatWentAway_LeavesItItsNumber()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions { MaxMissedSeconds = 20 });
        tracker.Update([At(100, 100)], [Look(1)], gray, TimeSpan.Zero);
        tracker.Update([], [], gray, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 30; i++)
            tracker.Update([At(400, 100)], [Look(2)], gray, TimeSpan.FromSeconds(2) + i * Step);
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(2));
        tracker.Update([At(400, 100)], [Look(1)], gray, TimeSpan.FromSeconds(2) + 30 * Step);
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(2));
    }

    [Test]
    public void Update_OfAnotherFaceInTheSamePlaceAfterAWhile_GivesItANumberOfItsOwn()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        tracker.Update([At(100, 100)], [Look(1)], gray, TimeSpan.Zero);
        tracker.Update([At(100, 100)], [Look(2)], gray, TimeSpan.FromSeconds(1));
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(2));
    }

    [Test]
    public void Update_OfPeopleWhoCross_KeepsTheirNumbers()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        for (var i = 0; i <= 60; i++)
        {
            var (front, back) = (At(100 + 6 * i, 100), At(460 - 6 * i, 110));
            // While the IoU of the faces is above 0.2, only the one in front is detected.
            var isHidden = FaceTracker.Overlap(front.Box, back.Box) > 0.2;
            tracker.Update(isHidden ? [front] : [front, back], isHidden ? [Look(1)] : [Look(1), Look(2)], gray, i * Step);
        }
        Assert.That(tracker.Visible.Select(track => (track.Id, track.Box.X)), Is.EqualTo(new[] { (1, 460), (2, 100) }));
    }

    [Test]
    public void Update_OfADoubtfulFace_TakesItOnceItWasFoundThreeTimesInARow()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        var (doubtful, known) = (At(100, 100) with { Score = 0.6f }, At(100, 100) with { Score = 0.4f });
        // Below the score for new faces it is never shown. A miss restarts the count. With an ID, a lower score is enough.
        FoundFace?[] found = [known, known, known, doubtful, doubtful, null, doubtful, doubtful, doubtful, known];
        int[] seen = [.. found.Select((face, i) =>
        {
            tracker.Update(face is { } one ? [one] : [], face is null ? [] : [Look(1)], gray, i * Step);
            return tracker.Visible.SingleOrDefault()?.Id ?? 0;
        })];
        Assert.That(seen, Is.EqualTo(new[] { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 }));
    }

    [Test]
    public void Update_OfADoubtfulFaceInAPhoto_TakesIt()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        tracker.Update([At(100, 100) with { Score = 0.6f }], [Look(1)], gray, TimeSpan.Zero, isAlone: true);
        Assert.That(tracker.Visible.Single().Id, Is.EqualTo(1));
    }

    private static FoundFace At(int x, int y) => new(new Rect(x, y, 80, 80));

    /// <summary>A person's face: coarse light and dark patches, specific to the person.</summary>
    private static AppearanceDescriptor Look(int person, int place = 0) => new(Patches(person), Patches(1_000 + place));

    private static byte[] Patches(int seed)
    {
        var random = new Random(seed);
        byte[] patches = [.. Enumerable.Range(0, 36).Select(_ => (byte)random.Next(256))];
        return [.. Enumerable.Range(0, FaceResampler.PixelCount)
            .Select(i => patches[i / FaceResampler.Side / 8 * 6 + i % FaceResampler.Side / 8])];
    }

    [Test]
    public void Update_OfAFaceThatComesFromBehindAnother_ShowsNoThirdNumber()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        var ids = new HashSet<int>();
        void Update(int frame, params (FoundFace Face, AppearanceDescriptor Look)[] faces)
        {
            tracker.Update([.. faces.Select(face => face.Face)], [.. faces.Select(face => face.Look)], gray, frame * Step);
            ids.UnionWith(tracker.Visible.Select(track => track.Id));
        }
        var front = (At(300, 100), Look(2));
        Update(0, (At(240, 100), Look(1)), front);
        for (var frame = 1; frame < 12; frame++)
            Update(frame, front);
        // Half of the face is visible, so it resembles no known face.
        for (var frame = 12; frame < 16; frame++)
            Update(frame, front, (At(350, 110), Look(7)));
        Assert.That(tracker.Visible.Select(track => track.Id), Is.EqualTo(new[] { 2 }));
        Update(16, front, (At(350, 110), Look(1)));
        Assert.That(tracker.Visible.Select(track => track.Id), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(ids, Is.EquivalentTo(new[] { 1, 2 }));
        // Another person who stays gets a new ID.
        for (var frame = 17; frame < 30; frame++)
            Update(frame, front);
        for (var frame = 30; frame < 40; frame++)
            Update(frame, front, (At(370, 110), Look(7)));
        Assert.That(tracker.Visible.Select(track => track.Id), Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void Update_AtACut_GivesTheFaceInTheSamePlaceANewNumber()
    {
        var gray = new GrayImage(new byte[480 * 640], 640, 480);
        using var tracker = new FaceTracker(new TrackingOptions());
        int Seen(int frame, AppearanceDescriptor look)
        {
            tracker.Update([At(100, 100)], [look], gray, frame * Step);
            return tracker.Visible.Single().Id;
        }
        Assert.That(Seen(0, Look(1)), Is.EqualTo(1));
        Assert.That(Seen(1, Look(2)), Is.EqualTo(1), "a hand covers the face: its surroundings are the same");
        Assert.That(Seen(2, Look(1)), Is.EqualTo(1));
        Assert.That(Seen(3, Look(1, place: 5)), Is.EqualTo(1), "the camera moves: the face is the same");
        Assert.That(Seen(4, Look(3, place: 9)), Is.EqualTo(2), "another face elsewhere: a cut");
        Assert.That(Seen(5, Look(3, place: 9)), Is.EqualTo(2));
        Assert.That(Seen(6, Look(1, place: 5)), Is.EqualTo(1), "back to the first face, which is re-identified");
    }

    [Test]
    public void Follow_BetweenDetections_StaysOnAMovingFace()
    {
        var scene = new MovingFaces([Faces[0]]);
        using var tracker = new FaceTracker(new TrackingOptions());
        for (var number = 0; number < 10; number++)
        {
            var (image, places) = scene.Draw(number);
            using (image)
            {
                var gray = image.ToGrayImage();
                if (number == 0)
                    Update(tracker, places, gray, TimeSpan.Zero);
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
        using var tracker = new FaceTracker(new TrackingOptions());
        using (image)
            Update(tracker, places, image.ToGrayImage(), TimeSpan.Zero);
        var empty = new GrayImage(new byte[480 * 640], 640, 480);
        tracker.Follow(empty, Step);
        Assert.That(tracker.Visible, Is.Empty);
    }

    [Test]
    public void Average_WeighsThePastByTimeAndNotByFrameRate()
    {
        using var track = new FaceTrack(Somewhere, Plain, TimeSpan.Zero);
        using var often = new FaceTrack(Somewhere, Plain, TimeSpan.Zero);
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
        using var track = new FaceTrack(Somewhere, Plain, TimeSpan.Zero);
        _ = track.Average([1, 0], TimeSpan.Zero, 0);
        Assert.That(track.Average([0, 1], TimeSpan.FromSeconds(0.01), 0).ToArray(), Is.EqualTo(new float[] { 0, 1 }));
    }

    [Test]
    public void Options_HaveTheirDocumentedDefaultsAndRanges()
    {
        TrackingOptions usual = new();
        Assert.That(usual, Is.EqualTo(new TrackingOptions
        {
            DetectEvery = null,
            MinIoU = 0.3,
            MaxMissedSeconds = 3,
            NewFaceScore = 0.5,
            SmoothingSeconds = 0.5,
        }));
        using var detector = new HaarFaceDetector();
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        foreach (var wrong in new[] { usual with { DetectEvery = 0 }, usual with { DetectEvery = 101 }, usual with { MinIoU = 0.04 },
            usual with { MinIoU = 0.96 }, usual with { MaxMissedSeconds = -1 }, usual with { MaxMissedSeconds = 61 },
                usual with { NewFaceScore = -0.1 }, usual with { NewFaceScore = 1.1 }, usual with { SmoothingSeconds = -1 },
                    usual with { SmoothingSeconds = 61 } })
            Assert.That(() => new FaceReader(detector, predictor, wrong), Throws.TypeOf<ValidationException>(), wrong.ToString());
    }
}
