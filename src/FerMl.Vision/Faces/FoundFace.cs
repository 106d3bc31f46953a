using System.Text.Json.Serialization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A detected face.</summary>
/// <param name="Box">A square around the face from brows to chin, in pixels; at the edge it may extend beyond the image.</param>
/// <param name="Score">Detection score, 0..1; 1 from detectors without scores.</param>
/// <param name="Roll">Roll of the head in degrees, clockwise as seen, -180 to 180; 0 from detectors that don't estimate it.</param>
[JsonConverter(typeof(FoundFaceConverter))]
public readonly record struct FoundFace(Rect Box, float Score = 1, float Roll = 0)
{
    /// <summary>Size, position and score, such as <c>80x80 at (12, 40), score 98 %</c>.</summary>
    public override string ToString() => $"{Shown(Box)}, score {Score.Invariant("0 %")}";

    /// <summary>A box, such as <c>80x80 at (12, 40)</c>.</summary>
    internal static string Shown(Rect box) => FormattableString.Invariant($"{box.Width}x{box.Height} at ({box.X}, {box.Y})");
}
