namespace FerMl.Vision;

/// <summary>A frame in a log: a line of it.</summary>
/// <param name="Frame">The frame's number in its source, from 0; numbers that are missing were dropped.</param>
/// <param name="Time">When it is shown, in seconds from the source's beginning.</param>
/// <param name="Name">The image's file name; in a video the video's.</param>
/// <param name="Width">The frame's width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Faces">The faces in it.</param>
public sealed record LoggedFrame(long Frame, double Time, string Name, int Width, int Height, IReadOnlyList<LoggedFace> Faces)
{
    internal static LoggedFrame Of(FrameResult seen) =>
        new(seen.Number, seen.Time.TotalSeconds, seen.Name, seen.Width, seen.Height, [.. seen.Faces.Select(LoggedFace.Of)]);
}
