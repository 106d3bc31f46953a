using FerMl.Tests;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FrameSourcesTests : VisionTests
{
    [Test]
    public void Open_OfNothing_SaysWhatCanBeGiven() =>
        Assert.That(() => FrameSources.Open("nowhere.mp4"),
            Throws.TypeOf<VisionException>().With.Message.EqualTo(
                "nowhere.mp4: no such file or folder; give a video, an image, a folder of images, an address (rtsp://, http://), "
                    + "or the number of a camera (0 is the first)."));

    [Test]
    public void Open_OfACameraThatIsNotThere_SaysSo() =>
        Assert.That(() => FrameSources.Open("97"),
            Throws.TypeOf<VisionException>().With.Message.StartsWith("camera 97 can't be opened: it doesn't exist"));

    [TestCase("clip.avi")]
    [TestCase("clip.mp4")]
    public void Read_OfAVideo_GivesEveryFrameWithItsTime(string name)
    {
        using var source = FrameSources.Open(Clip(name, frames: 12, framesPerSecond: 25));
        Assert.That((source.IsLive, source.IsContinuous, source.FrameCount), Is.EqualTo((false, true, 12L)));
        Assert.That(source.FramesPerSecond, Is.EqualTo(25).Within(0.01));
        var numbers = new List<long>();
        while (source.Read() is { } frame)
            using (frame)
            {
                numbers.Add(frame.Number);
                Assert.That(frame.Time.TotalSeconds, Is.EqualTo(frame.Number / 25.0).Within(1e-6));
                Assert.That((frame.Image.Width, frame.Image.Height, frame.Image.Type()), Is.EqualTo((640, 480, MatType.CV_8UC3)));
            }
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, 12)));
    }

    [Test]
    public void Read_OfAVideoThatIsCutShort_GivesWhatThereIsAndSaysSo()
    {
        var clip = Clip("clip.avi", frames: 40);
        var bytes = File.ReadAllBytes(clip);
        var cut = Folder.Write("cut.avi", bytes[..(bytes.Length / 2)]);
        using var source = FrameSources.Open(cut);
        var count = Times(source).Count;
        Assert.That(count, Is.InRange(5, 35));
        Assert.That(source.Read(), Is.Null);
        Assert.That(source.Problems.Single(),
            Is.EqualTo($"{cut}: its frames end after {count} of 40; unless it was trimmed, it is cut short."));
    }

    [Test]
    public void Read_OfAVideoWithUnevenFrames_GivesTheFilesOwnTimes()
    {
        var even = Folder.Path("even.mp4");
        using (var writer = new VideoWriter(even, FourCC.FromString("mp4v"), 25, new Size(64, 48)))
        using (var image = new Mat(48, 64, MatType.CV_8UC3, new Scalar(40, 80, 120)))
            for (var i = 0; i < 12; i++)
                writer.Write(image);
        var bytes = File.ReadAllBytes(even);
        // Six frames of 40 ms, six of 200 ms.
        var uneven = Folder.Write("uneven.mp4", Mp4.WithDurations(bytes, (6, 1), (6, 5)));
        using (var source = FrameSources.Open(uneven))
            Assert.That(Times(source), Is.EqualTo(new[] { 0, 40, 80, 120, 160, 200, 240, 440, 640, 840, 1040, 1240 }).Within(2));

        // The recording has the same duration.
        using (var source = FrameSources.Open(uneven))
        using (var recorder = new VideoRecorder(Folder.Path("again.mp4"), 25))
            while (source.Read() is { } frame)
                using (frame)
                    recorder.Write(frame.Image, frame.Time);
        using var again = FrameSources.Open(Folder.Path("again.mp4"));
        Assert.That(Times(again)[^1], Is.EqualTo(1240).Within(25));
    }

    [Test]
    public void Read_OfAVideoWhoseTimesStandStill_GoesOnInTime()
    {
        var even = Folder.Path("even.mp4");
        using (var writer = new VideoWriter(even, FourCC.FromString("mp4v"), 25, new Size(64, 48)))
        using (var image = new Mat(48, 64, MatType.CV_8UC3, new Scalar(40, 80, 120)))
            for (var i = 0; i < 12; i++)
                writer.Write(image);
        using var source = FrameSources.Open(Folder.Write("still.mp4", Mp4.WithDurations(File.ReadAllBytes(even), (6, 1), (6, 0))));
        Assert.That(Times(source), Is.Ordered.And.Unique.And.Count.EqualTo(12));
    }

    [Test]
    public void Open_OfANameWithAColon_IsAFile()
    {
        Clip("clip.mp4", frames: 3);
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no such names.");
        File.Move(Folder.Path("clip.mp4"), Folder.Path("12:30.mp4"));
        var here = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = Folder.Root;
            using var source = FrameSources.Open("12:30.mp4");
            Assert.That(Times(source), Has.Count.EqualTo(3));
        }
        finally
        {
            Environment.CurrentDirectory = here;
        }
    }

    [Test]
    public void Open_OfAStreamThatIsNotThere_SaysSo_WithoutThePassword() =>
        Assert.That(() => FrameSources.Open("http://someone:secr@et@127.0.0.1:9/stream?key=private"),
            Throws.TypeOf<VisionException>().With.Message.StartsWith(
                    $"http://127.0.0.1:9/stream{(Ffmpeg.IsInstalled ? " can't be opened: " : ": reading it needs the program ffmpeg")}")
                .And.Message.Not.Contains("secr").And.Message.Not.Contains("private").And.Message.Not.Contains("someone"));

    [TestCase("rtsp://a:b@host/x", "rtsp://host/x")]
    [TestCase("rtsp://host:554/a@b", "rtsp://b")]
    [TestCase("http://host/x?token=1", "http://host/x")]
    [TestCase("http://a:b/c@host/x", "http://host/x")]
    public void WithoutCredentials_ShowsNothingThatCouldBeOne(string address, string shown) =>
        Assert.That(FfmpegSource.WithoutCredentials(address), Is.EqualTo(shown));

    [Test]
    public void Open_OfACamerasDevice_IsThatCamera() =>
        Assert.That(() => FrameSources.Open("/dev/video97"),
            Throws.TypeOf<VisionException>().With.Message.StartsWith(OperatingSystem.IsLinux() ? "camera 97" : "/dev/video97"));

    [Test]
    public void Read_OfAFolder_IsInTheOrderOfNumbers_TwoSecondsPerImage()
    {
        foreach (var name in (string[])["10.png", "9.png", "1.png", "b/2.png", "b/11.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Folder.Path($"photos/{name}"))!);
            File.WriteAllBytes(Folder.Path($"photos/{name}"), FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        }
        using var source = FrameSources.Open(Folder.Path("photos"));
        var seen = new List<(string, double)>();
        while (source.Read() is { } frame)
            using (frame)
                seen.Add((Path.GetRelativePath(Folder.Path("photos"), frame.Name).Replace('\\', '/'), frame.Time.TotalSeconds));
        Assert.That(seen, Is.EqualTo(
            new[] { ("1.png", 0.0), ("9.png", 2.0), ("10.png", 4.0), ("b/2.png", 6.0), ("b/11.png", 8.0) }));
    }

    [Test]
    public void Read_OfAVideoThatOnlyFfmpegReads_GivesItsFrames()
    {
        if (!Ffmpeg.IsInstalled)
            Assert.Ignore("needs ffmpeg; eng/setup.sh --for-tests installs it");
        // OpenCV's own FFmpeg lacks a decoder for AV1.
        var path = Folder.Path("clip.mkv");
        using (var process = Ffmpeg.Start(
            ["-f", "lavfi", "-i", "testsrc=size=97x65:rate=10:duration=1", "-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "60", path],
            _ => { }))
        {
            process.StandardInput.Close();
            process.WaitForExit();
            if (process.ExitCode != 0)
                Assert.Ignore("this ffmpeg can't write AV1");
        }
        Assert.That(VideoFileSource.TryOpen(path), Is.Null, "OpenCV can't read it");
        using var source = FrameSources.Open(path);
        Assert.That((source.IsLive, source.FramesPerSecond), Is.EqualTo((false, 10.0)));
        Assert.That(Times(source), Is.EqualTo(Enumerable.Range(0, 10).Select(frame => frame * 100.0)).Within(0.01));
    }

    [Test]
    public void Read_OfAFolderWithAnUnreadableImage_GoesOn()
    {
        var folder = Directory.CreateDirectory(Folder.Path("photos")).FullName;
        var face = FaceFiles.Png(new byte[FaceResampler.PixelCount]);
        foreach (var name in (string[])["a.png", "c.png"])
            File.WriteAllBytes(Path.Combine(folder, name), face);
        File.WriteAllText(Path.Combine(folder, "b.png"), "no image");
        using (var source = FrameSources.Open(folder))
        {
            Assert.That(Times(source), Has.Count.EqualTo(2));
            Assert.That(source.Problems.Single(), Does.Contain("b.png"));
        }
        foreach (var name in (string[])["a.png", "c.png"])
            File.WriteAllText(Path.Combine(folder, name), "no image either");
        using var none = FrameSources.Open(folder);
        Assert.That(() => none.Read(), Throws.TypeOf<VisionException>().With.Message.Contains("none of its 3 images can be read"));
    }

    private static List<double> Times(IFrameSource source)
    {
        var times = new List<double>();
        while (source.Read() is { } frame)
            using (frame)
                times.Add(frame.Time.TotalMilliseconds);
        return times;
    }

    [Test]
    public void Open_OfAnMp4WithoutItsIndex_SaysThatItCannotBeRead()
    {
        var bytes = File.ReadAllBytes(Clip("clip.mp4"));
        var cut = Folder.Write("cut.mp4", bytes[..(bytes.Length / 2)]);
        Assert.That(() => FrameSources.Open(cut),
            Throws.TypeOf<VisionException>().With.Message.EndsWith(
                "cut.mp4: not a video that can be read; its format is unknown, or it is cut short or damaged."));
    }

    [TestCase(0, "the file is empty")]
    [TestCase(5_000, "not a video")]
    public void Open_OfSomethingElse_SaysThatItIsNoVideo(int length, string says)
    {
        var file = Folder.Write("text.mp4", new string('x', length));
        Assert.That(() => FrameSources.Open(file), Throws.TypeOf<VisionException>().With.Message.Contains(says));
    }

    [Test]
    public void Read_OfDamagedVideos_EndsOrThrowsItsOwnError()
    {
        var clips = new[] { Clip("clip.avi", frames: 6), Clip("clip.mp4", frames: 6) };
        var random = new Random(1);
        for (var turn = 0; turn < 40; turn++)
        {
            var bytes = File.ReadAllBytes(clips[turn % 2]);
            for (var i = 0; i < 1 + turn * 4; i++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var file = Folder.Write($"damaged{turn}{Path.GetExtension(clips[turn % 2])}", bytes);
            try
            {
                using var source = FrameSources.Open(file);
                for (var count = 0; count < 100 && source.Read() is { } frame; count++)
                    frame.Dispose();
            }
            catch (VisionException e)
            {
                Assert.That(e.Message, Does.Contain("damaged"));
            }
        }
    }

    [Test]
    public void Open_OfAFolder_GivesItsImagesInOrderEachASceneOfItsOwn()
    {
        Folder.Write("b/2.png", FaceFiles.Png(Faces[1]));
        Folder.Write("a/1.png", FaceFiles.Png(Faces[0]));
        Folder.Write("a/notes.txt", "no image");
        using var source = FrameSources.Open(Folder.Root);
        Assert.That((source.IsContinuous, source.FrameCount), Is.EqualTo((false, 2L)));
        using var first = source.Read()!;
        using var second = source.Read()!;
        Assert.That((Path.GetFileName(first.Name), Path.GetFileName(second.Name), source.Read()),
            Is.EqualTo(("1.png", "2.png", (Frame?)null)));
        Assert.That(first.Image.Width, Is.EqualTo(48));
    }

    [Test]
    public void Open_OfAFolderWithoutImages_SaysWhatWasLookedFor() =>
        Assert.That(() => FrameSources.Open(Folder.Root),
            Throws.TypeOf<VisionException>().With.Message.EqualTo(
                $"{Folder.Root}: no image (.png, .jpg, .jpeg, .jpe, .jfif, .bmp, .webp, .gif, .tif, .tiff) in this folder or below."));

    [Test]
    public void Read_OfAnImageThatClaimsToBeHuge_IsRefusedBeforeItIsDecoded()
    {
        var file = Folder.Write("huge.bmp", HugeBitmap(40_000, 40_000));
        using var source = FrameSources.Open(file);
        Assert.That(source.Read, Throws.TypeOf<VisionException>().With.Message.Contains("more than the 50 that are accepted"));
    }

    [Test]
    public void Read_OfAnImageThatIsNone_SaysSo()
    {
        using var source = FrameSources.Open(Folder.Write("text.png", "no image"));
        Assert.That(source.Read, Throws.TypeOf<VisionException>().With.Message.Contains("not an image in a supported format"));
    }

    [Test]
    public void Read_OfAnEightKVideo_GivesItsFrames()
    {
        var path = Folder.Path("8k.avi");
        using (var recorder = new VideoRecorder(path))
        using (var image = new Mat(4320, 7680, MatType.CV_8UC3, new Scalar(10, 20, 30)))
            recorder.Write(image, TimeSpan.Zero);
        using var source = FrameSources.Open(path);
        using var frame = source.Read()!;
        Assert.That((frame.Image.Width, frame.Image.Height), Is.EqualTo((7680, 4320)));
    }

    /// <summary>A bitmap header without pixel data (BITMAPFILEHEADER and BITMAPINFOHEADER, 24 bits per pixel).</summary>
    private static byte[] HugeBitmap(int width, int height)
    {
        var bytes = new byte[200];
        "BM"u8.CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(2), bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(10), 54);
        BitConverter.TryWriteBytes(bytes.AsSpan(14), 40);
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
        bytes[26] = 1;
        bytes[28] = 24;
        return bytes;
    }
}
