using System.Globalization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// The demo's window. Keys: q or Esc quits, space pauses, s takes a screenshot, b shows or hides the bars, t switches between all emotions
/// and happy, sad, neutral, any other shows the next image. Closing the window quits, too. Use it only on the thread that created it.
/// </summary>
public sealed class DemoWindow : IVideoView
{
    /// <summary>The keys, in one line.</summary>
    public const string Keys = "q quit, space pause, s screenshot, b bars, t all/three emotions, n next image";

    private const int Escape = 27, NoKey = 255;

    // Fits the smallest screens in use: OpenCV can't tell their size.
    private static readonly Size Largest = new(1_280, 680);

    private readonly string _title;
    private Mat? _paused;
    private Size _sized;

    /// <summary>Opens the window.</summary>
    /// <exception cref="VisionException">No display is available.</exception>
    public DemoWindow(string title = "FerMl")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        OpenCv.EnsureLoaded();
        _title = title;
        const string remedy = "run it on a desktop, or without DemoWindow.";
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY")))
            throw new VisionException($"There is no display to open a window on (DISPLAY isn't set); {remedy}");
        try
        {
            Cv2.NamedWindow(title, WindowFlags.Normal | WindowFlags.KeepRatio);
        }
        catch (OpenCVException e)
        {
            throw new VisionException($"No window can be opened ({e.Message.Split('\n')[0]}); {remedy}", e);
        }
    }

    /// <inheritdoc/>
    public bool ShowsFrames => true;

    /// <inheritdoc/>
    public bool Show(Mat image, FrameResult result, VideoSession session)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(session);
        _paused?.Dispose();
        _paused = null;
        var speed = session.Speed;
        FaceOverlay.DrawStatus(
            image, string.Create(
                CultureInfo.InvariantCulture,
                $"{speed.RecentFramesPerSecond,4:0} FPS  {speed.FrameAge.TotalMilliseconds,3:0} ms latency  {session.Dropped} dropped"));
        if (_sized != image.Size())
        {
            // Only when the frame size changes, so that the window keeps the size that the user gives it.
            var scale = Math.Min(1, Math.Min((double)Largest.Width / image.Width, (double)Largest.Height / image.Height));
            Cv2.ResizeWindow(_title, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
            _sized = image.Size();
        }
        Cv2.ImShow(_title, image);
        var continues = Idle(session);
        if (session.Controls.IsPaused)
            _paused = image.Clone();
        return continues;
    }

    /// <inheritdoc/>
    public bool Idle(VideoSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var controls = session.Controls;
        if (controls.IsPaused && _paused is not null)
        {
            FaceOverlay.DrawStatus(_paused, "paused: space resumes");
            Cv2.ImShow(_title, _paused);
        }
        // -1 if no key was pressed.
        var key = Cv2.WaitKey(1) & 0xFF;
        // On GTK 3 a closed window has an AutoSize of -1; Visible is always -1 there.
        if (Cv2.GetWindowProperty(_title, WindowPropertyFlags.AutoSize) < 0)
            return false;
        switch (key)
        {
            case 'q' or 'Q' or Escape: return false;
            case ' ': controls.IsPaused = !controls.IsPaused; break;
            case 's' or 'S': controls.WantsScreenshot = true; break;
            case 'b' or 'B': controls.ShowsBars = !controls.ShowsBars; break;
            case 't' or 'T': controls.ShowsThree = !controls.ShowsThree && session.CanShowThree; break;
            case NoKey: break;
            default: controls.WantsNext = true; break;
        }
        return true;
    }

    /// <summary>Closes the window.</summary>
    public void Dispose()
    {
        _paused?.Dispose();
        _paused = null;
        if (Cv2.GetWindowProperty(_title, WindowPropertyFlags.AutoSize) >= 0)
            Cv2.DestroyWindow(_title);
    }
}
