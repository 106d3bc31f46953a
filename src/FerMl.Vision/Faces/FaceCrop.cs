using System.Buffers;
using System.ComponentModel.DataAnnotations;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// How a detected face is cropped for the model: as a square framed as FER2013's faces are, centered on the detector's box, and shifted and
/// scaled in proportion to it. The defaults were measured (<c>ferml benchmark crop</c>, docs/development/decisions/face-detection.md).
/// </summary>
public sealed record FaceCrop
{
    /// <summary>Side of the square over the side of the detector's box, 0.5 to 3. Default: 1.05.</summary>
    [Range(0.5, 3.0)]
    public double Scale { get; init; } = 1.05;

    /// <summary>Offset of the square's center below the box's, over the side of the box, -1 to 1. Default: 0.</summary>
    [Range(-1.0, 1.0)]
    public double OffsetY { get; init; }

    /// <summary>The square for a box, in pixels of the image; it may extend beyond the image.</summary>
    public Rect SquareFor(Rect box)
    {
        var length = (box.Width + box.Height) / 2.0;
        var side = Math.Max(1, (int)Math.Round(Scale * length));
        return new Rect(
            (int)Math.Round(box.X + (box.Width - side) / 2.0),
            (int)Math.Round(box.Y + (box.Height - side) / 2.0 + OffsetY * length), side, side);
    }

    /// <summary>
    /// Minimum roll, in degrees, from which faces are aligned, 0 to 180; others are cropped as they are. Default: 10, within which models
    /// have seen rolled faces in training.
    /// </summary>
    [Range(0.0, 180.0)]
    public double UprightFrom { get; init; } = 10;

    /// <summary>
    /// Crops the face and resizes it to 48x48. Beyond the image the nearest pixels are repeated. In dim light, where the crop's pixel
    /// values (1st to 99th percentile) span less than 96, they are stretched towards 0..255.
    /// </summary>
    /// <param name="gray">The image.</param>
    /// <param name="box">The detector's box; part of it must be in the image.</param>
    /// <param name="face">Receives 2,304 pixel values.</param>
    /// <param name="roll">Roll of the head in degrees, clockwise as seen.</param>
    /// <exception cref="VisionException">The box is outside the image.</exception>
    public void Crop(GrayImage gray, Rect box, Span<byte> face, double roll = 0)
    {
        var square = SquareFor(box);
        var inside = square & new Rect(0, 0, gray.Width, gray.Height);
        if (inside.Width < 1 || inside.Height < 1)
            throw new VisionException(
                $"The face at {box.X},{box.Y} of {box.Width}x{box.Height} pixels is outside the image of {gray.Width}x{gray.Height}.");
        var pixels = ArrayPool<byte>.Shared.Rent(square.Width * square.Height);
        try
        {
            var source = pixels.AsSpan(0, square.Width * square.Height);
            if (Math.Abs(roll) >= UprightFrom)
                Align(gray, box, square.Width, roll * Math.PI / 180, source);
            else
                GrayRegions.Copy(gray, square, source);
            FaceResampler.Resample(source, square.Width, square.Height, face);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
        ContrastStretch.Apply(face);
    }

    /// <summary>Crops a square that is rotated by the head's roll, so that the face is aligned in it.</summary>
    private void Align(GrayImage gray, Rect box, int side, double roll, Span<byte> upright)
    {
        var (cos, sin) = (Math.Cos(roll), Math.Sin(roll));
        var down = OffsetY * (box.Width + box.Height) / 2;
        // In pixel centers: the square's center is the box's, moved down along the head.
        var (middle, x, y) = ((side - 1) / 2.0, box.X + (box.Width - 1) / 2.0 - sin * down, box.Y + (box.Height - 1) / 2.0 + cos * down);
        GrayRegions.CopyRotated(gray, side, roll, x - middle * (cos - sin), y - middle * (sin + cos), upright);
    }
}
