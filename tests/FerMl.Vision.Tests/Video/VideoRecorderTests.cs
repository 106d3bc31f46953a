using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class VideoRecorderTests : VisionTests
{
    [TestCase("out.mp4")]
    [TestCase("out.avi")]
    public void Write_OfUnevenFrames_MakesAVideoThatTakesAsLong(string name)
    {
        var path = Folder.Path(name);
        using (var recorder = new VideoRecorder(path, 25))
        using (var image = new Mat(48, 64, MatType.CV_8UC3, new Scalar(0, 0, 255)))
            foreach (var seconds in new[] { 0, 0.04, 0.2, 0.21, 0.4 })
            {
                recorder.Write(image, TimeSpan.FromSeconds(seconds));
                Assert.That(File.Exists(path), Is.False, "the file has its name only when it is complete");
            }
        using var source = FrameSources.Open(path);
        // 0.4 seconds at 25 frames per second, and the one at the end.
        Assert.That(source.FrameCount, Is.EqualTo(11));
    }

    [Test]
    public void IsComplete_OfWhatAFullDiskLeaves_IsFalse([Values("clip.mp4", "clip.avi")] string name, [Values(1, 30)] int frames)
    {
        var path = Clip(name, frames: frames);
        Assert.That(VideoRecorder.IsComplete(path, frames), Is.True);
        var whole = File.ReadAllBytes(path);
        foreach (var share in new[] { 0, 0.01, 0.3, 0.7, 0.95 })
        {
            File.WriteAllBytes(path, whole[..(int)(share * whole.Length)]);
            Assert.That(VideoRecorder.IsComplete(path, frames), Is.False, $"{share} of it");
        }
    }

    [TestCase("out.mp4", "h264")]
    [TestCase("out.webm", "vp8")]
    public void Write_WithFfmpeg_MakesWhatBrowsersPlay(string name, string codec)
    {
        if (!Ffmpeg.IsInstalled)
            Assert.Ignore("needs ffmpeg; eng/setup.sh --for-tests installs it");
        var path = Folder.Path(name);
        using (var recorder = new VideoRecorder(path, 25))
        {
            for (var i = 0; i < 25; i++)
            {
                using var image = new Mat(49, 65, MatType.CV_8UC3, new Scalar(10 * i, 80, 200));
                recorder.Write(image, TimeSpan.FromSeconds(i / 25.0));
            }
            Assert.That(recorder.PlaysInBrowsers, Is.True);
        }
        using var source = FrameSources.Open(path);
        var blue = new List<double>();
        while (source.Read() is { } frame)
            using (frame)
                blue.Add(frame.Image.Mean().Val0);
        Assert.That(blue, Has.Count.EqualTo(25).And.Ordered, $"{codec}: all frames, in order");
    }

    [TestCase("out.mp4")]
    [TestCase("out.avi")]
    public void PlaysInBrowsers_IsWhatTheFileIs(string name)
    {
        var path = Folder.Path(name);
        bool plays;
        using (var recorder = new VideoRecorder(path, 25))
        using (var image = new Mat(48, 64, MatType.CV_8UC3, new Scalar(0, 0, 255)))
        {
            recorder.Write(image, TimeSpan.Zero);
            plays = recorder.PlaysInBrowsers;
        }
        // An H.264 track is described by an entry of this name (ISO/IEC 14496-15), MPEG-4's by mp4v.
        Assert.That(File.ReadAllBytes(path).AsSpan().IndexOf("avc1"u8) >= 0, Is.EqualTo(plays));
    }

    [Test]
    public void Write_OfAFrameOfAnotherSize_FitsItIn()
    {
        var path = Folder.Path("out.avi");
        using (var recorder = new VideoRecorder(path, 25))
        using (var first = new Mat(48, 64, MatType.CV_8UC3, new Scalar(0, 0, 255)))
        using (var second = new Mat(200, 100, MatType.CV_8UC3, new Scalar(255, 255, 255)))
        {
            recorder.Write(first, TimeSpan.Zero);
            recorder.Write(second, TimeSpan.FromSeconds(0.04));
        }
        using var source = FrameSources.Open(path);
        source.Read()!.Dispose();
        using var frame = source.Read()!;
        Assert.That((frame.Image.Width, frame.Image.Height), Is.EqualTo((64, 48)));
        Assert.That(frame.Image.At<Vec3b>(24, 32).Item0, Is.GreaterThan(230), "the frame is centered");
        Assert.That(frame.Image.At<Vec3b>(24, 4).Item0, Is.LessThan(30), "with black borders");
    }

    [Test]
    public void New_OverAFileThatIsThere_IsRefused()
    {
        var path = Folder.Write("out.mp4", "precious");
        Assert.That(() => new VideoRecorder(path), Throws.TypeOf<IOException>().With.Message.Contains("already exists"));
        using (var recorder = new VideoRecorder(path, overwrite: true))
            Assert.That(File.ReadAllText(path), Is.EqualTo("precious"), "nothing is recorded yet");
        Assert.That(File.ReadAllText(path), Is.EqualTo("precious"));
    }

    [Test]
    public void New_WithAnotherEnding_SaysWhichThereAre() =>
        Assert.That(() => new VideoRecorder(Folder.Path("out.mkv")),
            Throws.TypeOf<VisionException>().With.Message.EndsWith(
                "out.mkv: videos are written as .mp4, .webm or .avi; give a name with one of these endings."));
}
