using System.Text.Json.Serialization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face in a frame.</summary>
/// <param name="Id">Its number, which stays with it from frame to frame of a video.</param>
/// <param name="Box">Where it is, in pixels of the frame; the part of the square that lies in it.</param>
/// <param name="Prediction">Its emotion; in a video averaged over time.</param>
[JsonConverter(typeof(FaceResultConverter))]
public sealed record FaceResult(int Id, Rect Box, EmotionPrediction Prediction)
{
    /// <summary>How sure the detector is that it is a face, 0..1; 1 where it doesn't say.</summary>
    public float Score { get; init; } = 1;

    /// <summary>Roll of the head in degrees, clockwise as seen; 0 where the detector doesn't say.</summary>
    public float Roll { get; init; }

    /// <summary>Number, emotion and place, such as <c>face 1: happy 93 %, 80x80 at (12, 40)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"face {Id}: {Prediction}, {FoundFace.Shown(Box)}");
}
