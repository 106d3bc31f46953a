namespace FerMl.Vision;

/// <summary>A source of frames: a camera, a video file, image files.</summary>
public interface IFrameSource : IDisposable
{
    /// <summary>The name to use in messages.</summary>
    string Name { get; }

    /// <summary>Whether frames arrive on their own, as a camera's do, and are lost unless they are read in time.</summary>
    bool IsLive { get; }

    /// <summary>
    /// Whether each frame continues the previous one, as in a video; otherwise each is a separate scene, as photos in a folder are.
    /// </summary>
    bool IsContinuous { get; }

    /// <summary>Frames per second, or null where the source has no frame rate.</summary>
    double? FramesPerSecond { get; }

    /// <summary>Number of frames, or null where unknown.</summary>
    long? FrameCount { get; }

    /// <summary>Problems that didn't end the source, as readable messages: unreadable files, an end earlier than announced.</summary>
    IReadOnlyList<string> Problems => [];

    /// <summary>Cancels a waiting <see cref="Read"/>, which then throws. Other threads call it. By default it does nothing, for sources
    /// that don't wait long.</summary>
    void Cancel()
    {
    }

    /// <summary>The next frame, or null at the end. The caller disposes of it.</summary>
    /// <exception cref="VisionException">The source failed: it was unplugged, cut short or damaged.</exception>
    /// <exception cref="OperationCanceledException">The read was canceled.</exception>
    Frame? Read();
}
