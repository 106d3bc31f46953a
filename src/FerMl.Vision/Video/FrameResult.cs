namespace FerMl.Vision;

/// <summary>What was found in a frame, and how long that took.</summary>
/// <param name="Number">The frame's number in its source, from 0.</param>
/// <param name="Time">When it is shown, from the source's beginning.</param>
/// <param name="Name">The image's file name; in a video the video's.</param>
/// <param name="Width">The frame's width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Faces">The faces, in the order of their numbers.</param>
/// <param name="Decode">Time to decode the frame.</param>
/// <param name="Detect">Time to find or follow its faces.</param>
/// <param name="Classify">Time to cut them out and name their emotions.</param>
public sealed record FrameResult(
    long Number, TimeSpan Time, string Name, int Width, int Height, IReadOnlyList<FaceResult> Faces, TimeSpan Decode, TimeSpan Detect,
    TimeSpan Classify)
{
    /// <summary>
    /// Why a face of a video's frame is missing here, because the model gave no scores for it; null where none is.
    /// </summary>
    public string? Problem { get; init; }
}
