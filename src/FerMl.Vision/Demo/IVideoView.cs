using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A view of a session: a window, or a table in a terminal.</summary>
public interface IVideoView : IDisposable
{
    /// <summary>Whether the view shows the frame, so that faces are drawn into it.</summary>
    bool ShowsFrames { get; }

    /// <summary>Shows a frame and its results.</summary>
    /// <returns>False if the user wants to quit.</returns>
    bool Show(Mat image, FrameResult result, VideoSession session);

    /// <summary>Handles events while no frame comes.</summary>
    /// <returns>False if the user wants to quit.</returns>
    bool Idle(VideoSession session);
}
