using System.ComponentModel.DataAnnotations;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Which part of a picture is handed to the model for a face that was found: a square framed as FER2013's faces are. It is centred on the
/// detector's box, moved and sized in proportion to it. The defaults were measured (<c>ferml benchmark framing</c>, docs/results.md).
/// </summary>
public sealed record FaceFraming
{
    /// <summary>Side of the square over the side of the detector's box, 0.5 to 3. Default: 1.05.</summary>
    [Range(0.5, 3.0)]
    public double Size { get; init; } = 1.05;

    /// <summary>How far the square's centre lies below the box's, over the side of the box, -1 to 1. Default: 0.</summary>
    [Range(-1.0, 1.0)]
    public double Down { get; init; }

    /// <summary>The square for a box, in pixels of the picture; it may reach beyond the picture.</summary>
    public Rect SquareFor(Rect box)
    {
        var length = (box.Width + box.Height) / 2.0;
        var side = Math.Max(1, (int)Math.Round(Size * length));
        return new Rect(
            (int)Math.Round(box.X + (box.Width - side) / 2.0),
            (int)Math.Round(box.Y + (box.Height - side) / 2.0 + Down * length), side, side);
    }

    /// <summary>Cuts the face out and makes it 48x48. What lies beyond the picture is filled with its nearest pixels.</summary>
    /// <param name="grey">The picture: one channel, 8 bits.</param>
    /// <param name="box">The detector's box; part of it must be in the picture.</param>
    /// <param name="face">Receives 2,304 grey levels.</param>
    /// <exception cref="VisionException">The box is outside the picture.</exception>
    public void Cut(Mat grey, Rect box, Span<byte> face)
    {
        ArgumentNullException.ThrowIfNull(grey);
        var square = SquareFor(box);
        var inside = square & new Rect(0, 0, grey.Width, grey.Height);
        if (inside.Width < 1 || inside.Height < 1)
            throw new VisionException($"The face at {box.X},{box.Y} of {box.Width}x{box.Height} pixels is outside the picture of {grey.Width}x{grey.Height}.");
        using var seen = grey.SubMat(inside);
        using var whole = new Mat();
        Cv2.CopyMakeBorder(seen, whole, inside.Y - square.Y, square.Bottom - inside.Bottom, inside.X - square.X, square.Right - inside.Right, BorderTypes.Replicate);
        FaceResampler.Resample(whole.AsSpan<byte>(), square.Width, square.Height, face);
    }
}
