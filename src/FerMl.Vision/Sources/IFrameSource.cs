namespace FerMl.Vision;

/// <summary>Where frames come from: a camera, a video file, image files.</summary>
public interface IFrameSource : IDisposable
{
    /// <summary>What to call it in messages.</summary>
    string Name { get; }

    /// <summary>Whether frames come by themselves, as a camera's do, and are lost if nobody takes them.</summary>
    bool IsLive { get; }

    /// <summary>
    /// Whether a frame continues the one before, as in a video; else each is a scene of its own, as photos in a folder are.
    /// </summary>
    bool IsContinuous { get; }

    /// <summary>Frames a second, or null where there is no such thing.</summary>
    double? FramesPerSecond { get; }

    /// <summary>Number of frames, or null where it isn't known.</summary>
    long? FrameCount { get; }

    /// <summary>
    /// What was wrong with it and didn't end it, for people: files that couldn't be read, an end before the announced one.
    /// </summary>
    IReadOnlyList<string> Problems => [];

    /// <summary>Ends a <see cref="Read"/> that waits, which then throws; called by another thread. Default: nothing, for sources that
    /// don't wait for long.</summary>
    void Cancel()
    {
    }

    /// <summary>The next frame, or null at the end. The caller disposes of it.</summary>
    /// <exception cref="VisionException">The source fails: unplugged, cut short, damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Frame? Read();
}
