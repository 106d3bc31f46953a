namespace FerMl.Vision;

/// <summary>A frame in a log, one line.</summary>
/// <param name="Frame">The frame's number in its source, from 0; missing numbers are dropped frames.</param>
/// <param name="Time">The frame's time, in seconds from the source's beginning.</param>
/// <param name="Name">The image's file name, or the video's.</param>
/// <param name="Width">The frame's width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Faces">The faces in it.</param>
public sealed record LoggedFrame(long Frame, double Time, string Name, int Width, int Height, IReadOnlyList<LoggedFace> Faces)
{
    internal static LoggedFrame Of(FrameResult result) =>
        new(result.Number, result.Time.TotalSeconds, result.Name, result.Width, result.Height, [.. result.Faces.Select(LoggedFace.Of)]);
}
