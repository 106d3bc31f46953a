namespace FerMl.Vision;

/// <summary>Where pictures come from: a camera, a video file, image files.</summary>
public interface IFrameSource : IDisposable
{
    /// <summary>What to call it in messages.</summary>
    string Name { get; }

    /// <summary>Whether pictures come by themselves, as a camera's do, and are lost if nobody takes them.</summary>
    bool IsLive { get; }

    /// <summary>Whether a picture continues the one before, as in a video; else each is a scene of its own, as photographs in a folder are.</summary>
    bool IsContinuous { get; }

    /// <summary>Pictures a second, or null where there is no such thing.</summary>
    double? FramesPerSecond { get; }

    /// <summary>Number of pictures, or null where it isn't known.</summary>
    long? FrameCount { get; }

    /// <summary>The next picture, or null at the end. The caller disposes of it.</summary>
    /// <exception cref="VisionException">The source fails: unplugged, cut short, damaged.</exception>
    Frame? Read();
}
