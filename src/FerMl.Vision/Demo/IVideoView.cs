using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Where a person watches: a window, or a table in a terminal.</summary>
public interface IVideoView : IDisposable
{
    /// <summary>Whether it shows the picture, so that faces are to be drawn into it.</summary>
    bool ShowsPicture { get; }

    /// <summary>Shows a picture and what was found in it.</summary>
    /// <returns>False where the person has had enough.</returns>
    bool Show(Mat image, SeenFrame seen, VideoSession session);

    /// <summary>Lives on while no picture comes.</summary>
    /// <returns>False where the person has had enough.</returns>
    bool Idle(VideoSession session);
}
