using System.Diagnostics;
using System.Text;
using FerMl.Tests;
using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.EndToEnd.Tests;

/// <summary>The webcam demo's window on a virtual display, with real key presses.</summary>
[NonParallelizable]
public class WindowTests : FolderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Fifty seconds of video, more than any of these tests needs.</summary>
    private const int Frames = 1_500;

    private readonly TestFolder _clips = new();
    private XDisplay _display = null!;
    private string _clip = "";

    [OneTimeSetUp]
    public void Prepare()
    {
        _display = new XDisplay();
        _clip = _clips.Path("clip.avi");
        // A happy face, which the model classifies confidently: neutral's gray can't be distinguished from the frame.
        new MovingFaces(VideoFaces.Choose(SyntheticFaces.Create().Where(face => face.Emotion == Emotion.Happy), 1))
            .WriteVideo(_clip, Frames);
    }

    [OneTimeTearDown]
    public void Close()
    {
        _display?.Dispose();
        _clips.Dispose();
    }

    [Test]
    public void Window_ShowsTheFaceAndObeysItsKeys()
    {
        using var demo = Command.StartOn(
            _display.Name, Folder.Root, ["webcam", "--source", _clip, "--screenshots", "shots", "--log", "log.jsonl"], out var error);
        try
        {
            var window = Until("a window", demo, error, () => _display.Run("xdotool", "search", "--name", "FerMl") is (0, var id) ? id
                : null)!;
            _display.Run("xdotool", "windowfocus", "--sync", window);

            var box = Until("a box about the face on the screen", demo, error, () => Screen() is var screen
                && BoxIn(screen) is { Width: > 60 } found ? found : (Rect?)null)!.Value;
            Assert.That((double)box.Width / box.Height, Is.InRange(0.7, 2.2),
                "a face's box is roughly square, plus the label above and the bar next to it");

            Press("s");
            var withBars = Until("a screenshot", demo, error, () => Shots().FirstOrDefault())!;
            Press("b");
            Press("s");
            var without = Until("a second screenshot", demo, error, () => Shots().FirstOrDefault(shot => shot != withBars))!;
            Assert.That(ShadeIn(withBars), Is.GreaterThan(ShadeIn(without) + 1_000), "the bars' panel is dark");

            Press("t");
            Until("three emotions in the log", demo, error, () => LastFrame() is { Faces: [var face, ..] } && face.Scores.Count == 3 ? face
                : null);
            Press("t");
            Until("all emotions in the log", demo, error, () => LastFrame() is { Faces: [var face, ..] } && face.Scores.Count == 8 ? face
                : null);

            Press("space");
            var still = Until("a pause", demo, error, () => LengthAfter(400) is var length && length == LengthAfter(400) ? (long?)length
                : null)!.Value;
            Press("space");
            Until("resumed", demo, error, () => LengthAfter(50) > still ? (long?)1 : null);

            Press("q");
            Command.Wait(demo);
            Assert.That(demo.ExitCode, Is.Zero, error.ToString());
            Assert.That(error.ToString(), Does.Contain("Keys: q quit").And.Contain("frames, ").And.Contain("wrote log.jsonl"));
        }
        finally
        {
            if (!demo.HasExited)
                demo.Kill();
        }
    }

    [Test]
    public void Window_ThatIsClosed_EndsTheDemo()
    {
        using var demo = Command.StartOn(_display.Name, Folder.Root, ["webcam", "--source", _clip, "--record", "out.avi"], out var error);
        try
        {
            var window = Until("a window", demo, error, () => _display.Run("xdotool", "search", "--name", "FerMl") is (0, var id) ? id
                : null)!;
            Until("a frame", demo, error, () => Screen() is var screen && BoxIn(screen) is { Width: > 60 } ? screen : null);
            XWindow.RequestClose(_display.Name, window);
            Command.Wait(demo);
            Assert.That(demo.ExitCode, Is.Zero, error.ToString());
            using var recorded = FrameSources.Open(Folder.Path("out.avi"));
            Assert.That(recorded.FrameCount, Is.InRange(1, Frames - 1), "the demo ends before the clip");
        }
        finally
        {
            if (!demo.HasExited)
                demo.Kill();
        }
    }

    [Test]
    public void WithoutADisplay_TheMessageSaysWhatToDo()
    {
        using var demo = Command.StartOn(null, Folder.Root, ["webcam", "--source", _clip], out var error);
        Command.Wait(demo);
        Assert.That((demo.ExitCode, error.ToString()),
            Is.EqualTo((1, "ferml: There is no display to open a window on (DISPLAY isn't set); run it on a desktop, or without a window "
                + "(--headless).\n")));
    }

    private void Press(string key) => _display.Run("xdotool", "key", key);

    private string Screen()
    {
        var path = Folder.Path("screen.png");
        _display.Run("import", "-window", "root", path);
        return path;
    }

    /// <summary>The bounding box of all pixels in an emotion's color.</summary>
    private static Rect BoxIn(string frame)
    {
        using var image = Cv2.ImRead(frame);
        using var all = new Mat(image.Size(), MatType.CV_8UC1, Scalar.Black);
        foreach (var label in EmotionTask.Seven.Labels.Where(label => label != "neutral"))
        {
            using var mask = new Mat();
            Cv2.InRange(image, FaceOverlay.ColorOf(label), FaceOverlay.ColorOf(label), mask);
            if (Cv2.CountNonZero(mask) > 400)
                Cv2.BitwiseOr(all, mask, all);
        }
        return Cv2.BoundingRect(all);
    }

    private static int ShadeIn(string frame)
    {
        using var image = Cv2.ImRead(frame, ImreadModes.Grayscale);
        using var mask = new Mat();
        Cv2.InRange(image, new Scalar(30), new Scalar(60), mask);
        return Cv2.CountNonZero(mask);
    }

    private string[] Shots() =>
        Directory.Exists(Folder.Path("shots")) ? Directory.GetFiles(Folder.Path("shots"), "*.png").Order().ToArray() : [];

    private LoggedFrame? LastFrame() => FrameLog.Read(Folder.Path("log.jsonl")).LastOrDefault();

    private long LengthAfter(int milliseconds)
    {
        new ManualResetEventSlim().Wait(milliseconds);
        return new FileInfo(Folder.Path("log.jsonl")).Length;
    }

    private static T? Until<T>(string what, Process demo, StringBuilder error, Func<T?> look)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && !demo.HasExited; demo.WaitForExit(100))
            if (look() is { } found)
                return found;
        Assert.Fail($"waited for {what}; the demo {(demo.HasExited ? $"ended with {demo.ExitCode}" : "still runs")}: {error}");
        return default;
    }
}
