using FerMl.Tests;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class VideoSessionTests : VisionTests
{
    private EmotionPredictor _predictor = null!;

    [OneTimeSetUp]
    public void Open() => _predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);

    [OneTimeTearDown]
    public void Close() => _predictor.Dispose();

    [Test]
    public void Run_OfAVideo_RecordsLogsAndComparesEveryFrame()
    {
        var clip = Clip("clip.avi", faces: 2, frames: 30);
        var truth = Folder.Write(
            "truth.csv", "frame,emotion,x,y,width,height\n" + string.Concat(Enumerable.Range(0, 30).SelectMany(number =>
        {
            var (image, places) = new MovingFaces([.. Faces.Take(2)]).Draw(number);
            image.Dispose();
            return places.Select(place => $"{number},happy,{place.X},{place.Y},{place.Width},{place.Height}\n");
        })));
        var (video, log) = (Folder.Path("out.mp4"), Folder.Path("out.jsonl"));
        using var source = FrameSources.Open(clip);
        using var detector = new HaarFaceDetector();
        using var reader = new FaceReader(detector, _predictor);
        var session = new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions
        {
            RecordPath = video,
            LogPath = log,
            GroundTruth = VideoGroundTruth.Load(truth),
        });
        session.Run();

        using var recorded = FrameSources.Open(video);
        Assert.That((recorded.FrameCount, FrameLog.Read(log).Count(), session.Speed.Frames), Is.EqualTo((30L, 30, 30L)));
        var report = session.Report();
        Assert.That((report.Comparison!.Faces, report.Comparison.Found, report.Frames), Is.EqualTo((60, 60, 30L)));
        Assert.That(report.Stages.Keys, Is.EqualTo(new[] { "decode", "detect", "classify", "draw" }));
        Assert.That(report.LatencyMs.P50, Is.GreaterThanOrEqualTo(report.Stages["detect"].P50));
    }

    [Test]
    public void Run_OfASourceThatFails_LeavesWhatWasRecordedWhole()
    {
        var (video, log) = (Folder.Path("out.mp4"), Folder.Path("out.jsonl"));
        using var source = new FakeSource(50, framesPerSecond: 25, failAfter: 8);
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        var session = new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions { RecordPath = video, LogPath = log });
        Assert.That(() => session.Run(), Throws.TypeOf<VisionException>());
        using var recorded = FrameSources.Open(video);
        Assert.That((recorded.FrameCount, FrameLog.Read(log).Count()), Is.EqualTo((8L, 8)));
    }

    [Test]
    public void Run_WithAView_DoesWhatThePersonWants()
    {
        using var source = new FakeSource(20);
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        var session = new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions
        {
            ScreenshotFolder = Folder.Path("shots"),
        });
        using var view = new FakeView(seen =>
        {
            session.Controls.WantsScreenshot = seen.Number is 2 or 3;
            session.Controls.ShowsThree = seen.Number >= 10;
            return seen.Number < 14;
        });
        session.Run(view);
        Assert.That(session.Screenshots, Has.Count.EqualTo(2).And.All.Exist);
        Assert.That(view.Labels.Take(11), Is.All.EqualTo(7));
        Assert.That(view.Labels.Skip(11), Is.All.EqualTo(3));
        Assert.That(view.Labels, Has.Count.EqualTo(15));
    }

    [Test]
    public void Run_OfOneImage_ShowsItUntilThePersonGoesOn()
    {
        using var source = new FakeSource(1, isContinuous: false);
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        // With 0 seconds per image, only waiting for the user keeps it on the screen.
        var session = new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions { SecondsPerImage = 0 });
        var (looks, isShown) = (0, false);
        using var view = new FakeView(_ => isShown = true, () =>
        {
            session.Controls.WantsNext = isShown && ++looks == 5;
            return true;
        });
        session.Run(view);
        Assert.That((view.Labels.Count, looks), Is.EqualTo((1, 5)));
    }

    [Test]
    public void Run_OfAFolder_ShowsEachImageForAWhileOrUntilItEnds()
    {
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        using var source = new FakeSource(3, isContinuous: false);
        var session = new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions { SecondsPerImage = 0 });
        using var view = new FakeView(_ => true);
        session.Run(view);
        Assert.That(view.Labels, Has.Count.EqualTo(3));

        using var again = new FakeSource(3, isContinuous: false);
        var ended = new VideoSession(again, reader, _predictor.Labels, new VideoSessionOptions { SecondsPerImage = 3_600 });
        var isSeen = false;
        using var impatient = new FakeView(_ => isSeen = true, () => !isSeen);
        ended.Run(impatient);
        Assert.That(impatient.Labels, Has.Count.EqualTo(1));
    }

    [Test]
    public void Run_OfImagesOfOneNameInSeveralFolders_DrawsEachInItsOwn()
    {
        string[] names = ["a/1.png", "b/1.png"];
        foreach (var name in names)
            Folder.Write($"photos/{name}", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        using var source = FrameSources.Open(Folder.Path("photos"));
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions { DrawingFolder = Folder.Path("drawn") }).Run();
        Assert.That(names.Select(name => Folder.Path($"drawn/{name}.png")), Is.All.Exist);
    }

    [Test]
    public void Report_WithoutGroundTruth_TellsFacesEmotionsAndSpeed()
    {
        using var source = new FakeSource(50, framesPerSecond: 25);
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        var session = new VideoSession(source, reader, _predictor.Labels);
        session.Run();
        var report = session.Report();
        Assert.That((report.Frames, report.FramesWithFaces, report.Comparison), Is.EqualTo((50L, 50L, (VideoComparison?)null)));
        Assert.That(report.Emotions.Values.Sum(), Is.EqualTo(1).Within(1e-9));
        var face = report.Faces.Single();
        Assert.That((face.Spans[0].From, face.Spans[^1].To), Is.EqualTo((0, 49 / 25.0)));
        var text = report.ToMarkdown("clip.mp4", "fer7");
        Assert.That(text, Does.Contain("faces in 50 of 50 frames").And.Contain("| 1 | 0.0 | 2.0 |").And.Contain("p95"));
        Assert.That(text, Does.Not.Contain("accuracy"));
    }

    [Test]
    public void Report_OfFramesThatAreShownWithThreeEmotions_ComparesThemToo()
    {
        var truth = Folder.Write("truth.csv", "from,to,emotion\n0,9,happy\n");
        using var source = new FakeSource(6, framesPerSecond: 25);
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        var session = new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions
        {
            GroundTruth = VideoGroundTruth.Load(truth),
        });
        session.Controls.ShowsThree = true;
        session.Run();
        Assert.That(session.Report().Comparison!.Faces, Is.EqualTo(6));
    }

    [TestCase("file,emotion\nother.png,sad\n")]
    [TestCase("frame,emotion\n50,sad\n")]
    [TestCase("from,to,emotion\n2.1,3,sad\n")]
    public void New_WithAGroundTruthOfAnotherSource_IsRefusedBeforeTheFirstFrame(string table)
    {
        var truth = VideoGroundTruth.Load(Folder.Write("truth.csv", table));
        using var source = new FakeSource(50, framesPerSecond: 25);
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        Assert.That(() => new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions { GroundTruth = truth }),
            Throws.TypeOf<VisionException>().With.Message.Contains("none of its rows matches a frame of fake"));
        Assert.That(source.Given, Is.Empty);
    }

    [Test]
    public void New_WithFoldersThatNameNoEmotion_IsRefused()
    {
        Directory.CreateDirectory(Folder.Path("holiday"));
        File.WriteAllBytes(Folder.Path("holiday/a.png"), FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        using var source = FrameSources.Open(Folder.Path("holiday"));
        Assert.That(VideoGroundTruth.IsLabeledByFolders(source), Is.False);
        using var reader = new FaceReader(new FakeDetector(), _predictor);
        Assert.That(() => new VideoSession(source, reader, _predictor.Labels, new VideoSessionOptions
        {
            GroundTruth = VideoGroundTruth.FromFolders(),
        }), Throws.TypeOf<VisionException>().With.Message.Contains("no folder of its images is named after an emotion"));
        Directory.Move(Folder.Path("holiday"), Folder.Path("happy"));
        using var named = FrameSources.Open(Folder.Path("happy"));
        Assert.That(VideoGroundTruth.IsLabeledByFolders(named), Is.True);
    }

    private sealed class FakeView(Func<FrameResult, bool> continues, Func<bool>? idle = null) : IVideoView
    {
        public List<int> Labels { get; } = [];

        public bool ShowsFrames => true;

        public bool Show(Mat image, FrameResult seen, VideoSession session)
        {
            Labels.Add(seen.Faces.Single().Prediction.Scores.Length);
            return continues(seen);
        }

        public bool Idle(VideoSession session) => idle?.Invoke() ?? true;

        public void Dispose()
        {
        }
    }
}
