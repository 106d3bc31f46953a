using System.Text.Json.Serialization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face that a detector found.</summary>
/// <param name="Box">A square about the face from brows to chin, in pixels; at the edge it may reach beyond the image.</param>
/// <param name="Score">How sure the detector is, 0..1; 1 from detectors that don't say.</param>
/// <param name="Roll">Roll of the head in degrees, clockwise as seen, -180 to 180; 0 from detectors that don't say.</param>
[JsonConverter(typeof(FoundFaceConverter))]
public readonly record struct FoundFace(Rect Box, float Score = 1, float Roll = 0)
{
    /// <summary>Place, size and score, such as <c>80x80 at (12, 40), score 98 %</c>.</summary>
    public override string ToString() => $"{Shown(Box)}, score {Score.Invariant("0 %")}";

    /// <summary>A box, such as <c>80x80 at (12, 40)</c>.</summary>
    internal static string Shown(Rect box) => FormattableString.Invariant($"{box.Width}x{box.Height} at ({box.X}, {box.Y})");
}
