using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Where a person watches: a window, or a table in a terminal.</summary>
public interface IVideoView : IDisposable
{
    /// <summary>Whether it shows the frame, so that faces are to be drawn into it.</summary>
    bool ShowsFrames { get; }

    /// <summary>Shows a frame and what was found in it.</summary>
    /// <returns>False where the person has had enough.</returns>
    bool Show(Mat image, FrameResult seen, VideoSession session);

    /// <summary>Lives on while no frame comes.</summary>
    /// <returns>False where the person has had enough.</returns>
    bool Idle(VideoSession session);
}
