using System.Text.Json.Serialization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face in a frame.</summary>
/// <param name="Id">Its ID, which it keeps from frame to frame of a video.</param>
/// <param name="Box">Its box in pixels, clipped to the frame.</param>
/// <param name="Prediction">Its emotion, in a video averaged over time.</param>
[JsonConverter(typeof(FaceResultConverter))]
public sealed record FaceResult(int Id, Rect Box, EmotionPrediction Prediction)
{
    /// <summary>Detection score, 0..1; 1 from detectors without scores.</summary>
    public float Score { get; init; } = 1;

    /// <summary>Roll of the head in degrees, clockwise as seen; 0 from detectors that don't estimate it.</summary>
    public float Roll { get; init; }

    /// <summary>ID, emotion and box, such as <c>face 1: happy 93 %, 80x80 at (12, 40)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"face {Id}: {Prediction}, {FoundFace.Shown(Box)}");
}
