using FerMl.Tests;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

/// <summary>Disposed objects throw when they are used; nothing crashes, and nothing is overwritten.</summary>
public class DisposalTests : VisionTests
{
    private static Mat Picture() => new(120, 160, MatType.CV_8UC3, new Scalar(90, 120, 60));

    [Test]
    public void Detector_AfterDispose_IsRefused()
    {
        var detector = new HaarFaceDetector();
        using var gray = GrayOf(Picture());
        detector.Dispose();
        detector.Dispose();
        Assert.That(() => detector.Detect(gray), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Detector_DisposedOfWhileThreadsDetect_EndsThemProperly()
    {
        using var image = new Mat(480, 640, MatType.CV_8UC1, new Scalar(80));
        for (var i = 0; i < 5; i++)
        {
            var detector = new HaarFaceDetector();
            using var begun = new CountdownEvent(4);
            var threads = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                detector.Detect(image);
                begun.Signal();
                while (true)
                    detector.Detect(image);
            })).ToArray();
            begun.Wait();
            detector.Dispose();
            var ended = Assert.Catch<AggregateException>(() => Task.WaitAll(threads));
            Assert.That(ended!.Flatten().InnerExceptions, Is.All.TypeOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void Gate_ClosedFromWithin_FreesWhenTheCallHasLeft()
    {
        var (gate, freed) = (new DisposeGuard(typeof(DisposalTests)), 0);
        using (var turn = gate.Enter())
        {
            gate.Close(() => freed++);
            Assert.That(freed, Is.Zero);
        }
        gate.Close(() => freed++);
        Assert.That(freed, Is.EqualTo(1));
        Assert.That(() => gate.Enter(), Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase("clip.avi")]
    [TestCase("folder")]
    public void Source_AfterDispose_IsRefused(string name)
    {
        Folder.Write("folder/a.png", TestImages.Encode(60, 60));
        var source = FrameSources.Open(name == "folder" ? Folder.Path(name) : Clip(name, frames: 5));
        source.Read()!.Dispose();
        source.Dispose();
        source.Dispose();
        Assert.That(() => source.Read(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Recorder_AfterDispose_IsRefused_AndLeavesTheFile()
    {
        var path = Folder.Path("out.avi");
        using var picture = Picture();
        var recorder = new VideoRecorder(path, 25);
        recorder.Write(picture, TimeSpan.Zero);
        recorder.Dispose();
        var before = File.ReadAllBytes(path);
        Assert.That(() => recorder.Write(picture, TimeSpan.FromSeconds(1)), Throws.TypeOf<ObjectDisposedException>());
        recorder.Dispose();
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
    }

    [Test]
    public void Recorder_TwoToOneFile_TheSecondIsRefused()
    {
        var path = Folder.Path("out.avi");
        using var picture = Picture();
        using (var first = new VideoRecorder(path, 25))
        {
            first.Write(picture, TimeSpan.Zero);
            Assert.That(() => new VideoRecorder(path, 25), Throws.InstanceOf<IOException>().With.Message.Contains("another run is "
                + "writing"));
        }
        Assert.That(Directory.GetFiles(Folder.Root), Is.EqualTo((string[])[path]));
    }

    [Test]
    public void Reader_AfterDispose_AndDisposedFrames_AreRefused()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        using var detector = new HaarFaceDetector();
        var reader = new FaceReader(detector, predictor);
        var frame = new Frame(Picture(), 0, TimeSpan.Zero, "frame", 0);
        reader.ReadNext(frame);
        frame.Dispose();
        Assert.That(() => reader.ReadNext(frame), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => reader.ReadPhoto(frame), Throws.TypeOf<ObjectDisposedException>());
        using var other = new Frame(Picture(), 0, TimeSpan.Zero, "frame", 0);
        reader.Dispose();
        Assert.That(() => reader.ReadNext(other), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void PhotoReader_DisposedOfWhileThreadsRead_EndsThemProperly()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        var photo = Folder.Write("a.png", TestImages.Encode(640, 480));
        var photos = new PhotoReader(predictor);
        using var begun = new CountdownEvent(4);
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            photos.Read(photo);
            begun.Signal();
            while (true)
                photos.Read(photo);
        })).ToArray();
        begun.Wait();
        photos.Dispose();
        var ended = Assert.Catch<AggregateException>(() => Task.WaitAll(threads));
        Assert.That(ended!.Flatten().InnerExceptions, Is.All.TypeOf<ObjectDisposedException>());
    }
}
