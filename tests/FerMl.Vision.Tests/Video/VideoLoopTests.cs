using System.ComponentModel.DataAnnotations;
namespace FerMl.Vision.Tests;

public class VideoLoopTests : VisionTests
{
    private EmotionPredictor _predictor = null!;

    [OneTimeSetUp]
    public void Open() => _predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);

    [OneTimeTearDown]
    public void Close() => _predictor.Dispose();

    [Test]
    public void Run_OfAFile_ShowsEveryFrameInOrderAndFreesIt()
    {
        using var source = new FakeSource(50);
        var (numbers, loop) = (new List<long>(), Loop(source));
        loop.Run((_, seen) =>
        {
            numbers.Add(seen.Number);
            return true;
        });
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, 50)));
        Assert.That(loop.Dropped, Is.Zero);
        Assert.That(source.Given.Select(image => image.IsDisposed), Is.All.True);
    }

    [Test]
    public void Run_OfACameraThatIsFasterThanTheReading_DropsFramesAndShowsNewOnes()
    {
        using var source = new FakeSource(120, isLive: true, millisecondsBetween: 2);
        var (numbers, loop) = (new List<long>(), Loop(source, slow: 25));
        loop.Run((_, seen) =>
        {
            numbers.Add(seen.Number);
            return true;
        });
        Assert.That(numbers, Is.Ordered);
        Assert.That((numbers.Count + loop.Dropped, loop.Dropped > 20), Is.EqualTo((120L, true)), $"{numbers.Count} shown");
        Assert.That(source.Given.Select(image => image.IsDisposed), Is.All.True);
    }

    [Test]
    public void Run_InRealTime_DropsWhatThereIsNoTimeFor()
    {
        using var source = new FakeSource(60, framesPerSecond: 200);
        var (shown, loop) = (0, Loop(source, new VideoLoopOptions { RealTime = true }, slow: 25));
        loop.Run((_, _) => ++shown > 0);
        Assert.That((shown + loop.Dropped, loop.Dropped > 5), Is.EqualTo((60L, true)));
    }

    [Test]
    public void Run_OfASourceThatFails_ShowsWhatCameBeforeAndThenThrows()
    {
        using var source = new FakeSource(50, failAfter: 9);
        var shown = 0;
        Assert.That(() => Loop(source).Run((_, _) => ++shown > 0), Throws.TypeOf<VisionException>().With.Message.Contains("unplugged"));
        Assert.That(shown, Is.EqualTo(9));
        Assert.That(source.Given.Select(image => image.IsDisposed), Is.All.True);
    }

    [Test]
    public void Run_ThatIsCancelledOrHadEnough_StopsAndFreesEverything()
    {
        using var source = new FakeSource(10_000);
        using var stop = new CancellationTokenSource();
        var shown = 0;
        Assert.That(() => Loop(source).Run((_, _) =>
        {
            if (++shown == 5)
                stop.Cancel();
            return true;
        }, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Loop(source).Run((_, _) => false);
        Assert.That(shown, Is.EqualTo(5));
        Assert.That(source.Given.Select(image => image.IsDisposed), Is.All.True);
    }

    [Test]
    public void Run_WithAMostNumberOfFrames_ReadsNoMore()
    {
        using var source = new FakeSource(50);
        var shown = 0;
        Loop(source, new VideoLoopOptions { MaxFrames = 7 }).Run((_, _) => ++shown > 0);
        Assert.That((shown, source.Given.Count), Is.EqualTo((7, 7)));
    }

    [Test]
    public void Run_WhilePaused_StandsStillAndLivesOn()
    {
        using var source = new FakeSource(30);
        var (shown, idle, loop) = (0, 0, Loop(source));
        loop.Run((_, _) =>
        {
            if (++shown == 3)
                loop.IsPaused = true;
            return true;
        }, () =>
        {
            // Waits long enough for the frames in progress to be shown.
            if (++idle == 20)
                loop.IsPaused = false;
            return true;
        });
        Assert.That((shown, idle >= 20), Is.EqualTo((30, true)));
    }

    [Test]
    public void Run_OfACameraThatIsPaused_LetsItsFramesGoBy()
    {
        using var source = new FakeSource(60, isLive: true, millisecondsBetween: 2);
        var (shown, loop) = (0, Loop(source));
        loop.Run((_, _) =>
        {
            loop.IsPaused = ++shown >= 3;
            return true;
        });
        // Frames in progress at the pause are still shown: one in each worker, and one between each two.
        Assert.That((source.Given.Count, shown <= 7), Is.EqualTo((60, true)), $"{shown} shown");
        Assert.That(source.Given.Select(image => image.IsDisposed), Is.All.True);
    }

    [Test]
    public void Run_OfImages_ReadsEachAsASceneOfItsOwn()
    {
        using var source = new FakeSource(4, isContinuous: false);
        var ids = new List<int>();
        Loop(source).Run((_, seen) =>
        {
            ids.Add(seen.Faces.Single().Id);
            return true;
        });
        Assert.That(ids, Is.EqualTo(new[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void Run_InRealTime_TakesAFrameForCapturedWhenItsTimeHasCome()
    {
        using var source = new FakeSource(3, framesPerSecond: 10);
        var (begun, captured) = (System.Diagnostics.Stopwatch.GetTimestamp(), new List<double>());
        Loop(source, new VideoLoopOptions { RealTime = true }).Run((frame, _) =>
        {
            var since = System.Diagnostics.Stopwatch.GetElapsedTime(begun, frame.CapturedAt);
            captured.Add((since - frame.Time).TotalMilliseconds);
            return true;
        });
        Assert.That(captured, Is.All.GreaterThan(-20));
    }

    [Test]
    public void New_WithNoFrames_IsRefused()
    {
        using var source = new FakeSource(1);
        Assert.That(
            () => Loop(source, new VideoLoopOptions { MaxFrames = 0 }),
            Throws.TypeOf<ValidationException>().With.Message.EqualTo("MaxFrames is 0; it must be at least 1."));
    }

    private VideoLoop Loop(FakeSource source, VideoLoopOptions? options = null, int slow = 0) =>
        new(source, new FaceReader(new FakeDetector(slow), _predictor), options);
}
