namespace FerMl.Vision;

/// <summary>The result for a frame: its faces, and the latency of each stage.</summary>
/// <param name="Number">The frame's number in its source, from 0.</param>
/// <param name="Time">The frame's time from the source's beginning.</param>
/// <param name="Name">The image's file name, or the video's.</param>
/// <param name="Width">The frame's width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Faces">The faces, ordered by ID.</param>
/// <param name="Decode">Time to decode the frame.</param>
/// <param name="Detect">Time to detect or track its faces.</param>
/// <param name="Classify">Time to crop and classify them.</param>
public sealed record FrameResult(
    long Number, TimeSpan Time, string Name, int Width, int Height, IReadOnlyList<FaceResult> Faces, TimeSpan Decode, TimeSpan Detect,
    TimeSpan Classify)
{
    /// <summary>Why a face of this video frame is missing: the model failed to score it. Null where none is missing.</summary>
    public string? Problem { get; init; }
}
