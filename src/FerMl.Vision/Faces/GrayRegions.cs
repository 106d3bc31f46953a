using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Copies parts of gray images. Beyond the image the nearest pixels are repeated.</summary>
internal static class GrayRegions
{
    /// <summary>Checks that an image has the pixels that its size requires.</summary>
    /// <exception cref="VisionException">The image is empty, or the number of pixels doesn't match its size.</exception>
    public static void RequirePixels(GrayImage image)
    {
        if (image.Width < 1 || image.Height < 1)
            throw new VisionException("The image has no pixels to detect faces in.");
        if (image.Pixels.Length != (long)image.Width * image.Height)
            throw new VisionException(
                $"A {image.Width}x{image.Height} gray image has {(long)image.Width * image.Height} bytes; {image.Pixels.Length} given.");
    }

    /// <summary>Copies a rectangle.</summary>
    /// <param name="image">The image.</param>
    /// <param name="region">The rectangle, which may extend beyond the image.</param>
    /// <param name="into">Receives its pixel values, row by row.</param>
    public static void Copy(GrayImage image, Rect region, Span<byte> into)
    {
        var from = image.Pixels.Span;
        // Columns left of the image, in it, and right of it.
        var left = Math.Clamp(-region.X, 0, region.Width);
        var right = Math.Clamp(region.Right - image.Width, 0, region.Width - left);
        var inside = region.Width - left - right;
        for (var y = 0; y < region.Height; y++)
        {
            var row = from.Slice(Math.Clamp(region.Y + y, 0, image.Height - 1) * image.Width, image.Width);
            var line = into.Slice(y * region.Width, region.Width);
            line[..left].Fill(row[0]);
            if (inside > 0)
                row.Slice(region.X + left, inside).CopyTo(line[left..]);
            line[(left + inside)..].Fill(row[^1]);
        }
    }

    /// <summary>Copies a rotated square with bilinear interpolation.</summary>
    /// <param name="image">The image.</param>
    /// <param name="side">Side of the square in pixels.</param>
    /// <param name="roll">Its roll, in radians, clockwise.</param>
    /// <param name="x">The x coordinate in the image of the square's first pixel center.</param>
    /// <param name="y">The y coordinate in the image of the square's first pixel center.</param>
    /// <param name="into">Receives its pixel values, row by row.</param>
    public static void CopyRotated(GrayImage image, int side, double roll, double x, double y, Span<byte> into)
    {
        var (cos, sin) = (Math.Cos(roll), Math.Sin(roll));
        for (var row = 0; row < side; row++)
        {
            var (startX, startY) = (x - row * sin, y + row * cos);
            var (endX, endY) = (startX + (side - 1) * cos, startY + (side - 1) * sin);
            var line = into.Slice(row * side, side);
            if (IsInside(startX, startY) && IsInside(endX, endY))
                CopyLine(image, startX, startY, cos, sin, line);
            else
                CopyEdgeLine(image, startX, startY, cos, sin, line);
        }

        // With all four neighboring pixels, a margin larger than the rounding error in CopyLine, and coordinates in its range.
        bool IsInside(double atX, double atY) => side <= MaxLine && atX >= Margin && atY >= Margin
            && atX < Math.Min(image.Width - 1, MaxFixed) - Margin && atY < Math.Min(image.Height - 1, MaxFixed) - Margin;
    }

    // Fixed point: 16 integer and 16 fraction bits. Summed over a line, rounding by half the last bit stays below the margin.
    private const int Fraction = 16, MaxFixed = short.MaxValue, MaxLine = 4096;
    private const double Margin = 0.05;

    /// <summary>Copies a line of pixels that are all within the image.</summary>
    private static void CopyLine(GrayImage image, double x, double y, double stepX, double stepY, Span<byte> into)
    {
        const double one = 1 << Fraction;
        var from = image.Pixels.Span;
        var width = image.Width;
        var (atX, atY, moveX, moveY) = ((int)(x * one), (int)(y * one), (int)Math.Round(stepX * one), (int)Math.Round(stepY * one));
        for (var column = 0; column < into.Length; column++)
        {
            var (shareX, shareY) = ((atX >> (Fraction - 8)) & 255, (atY >> (Fraction - 8)) & 255);
            var place = (atY >> Fraction) * width + (atX >> Fraction);
            var upper = from.Slice(place, 2);
            var lower = from.Slice(place + width, 2);
            var (above, below) = ((upper[0] << 8) + shareX * (upper[1] - upper[0]), (lower[0] << 8) + shareX * (lower[1] - lower[0]));
            into[column] = (byte)(((above << 8) + shareY * (below - above) + (1 << 15)) >> 16);
            (atX, atY) = (atX + moveX, atY + moveY);
        }
    }

    /// <summary>Copies a line of pixels that are partly beyond the image.</summary>
    private static void CopyEdgeLine(GrayImage image, double x, double y, double stepX, double stepY, Span<byte> into)
    {
        var from = image.Pixels.Span;
        var (width, maxX, maxY) = (image.Width, image.Width - 1, image.Height - 1);
        for (var column = 0; column < into.Length; column++)
        {
            var (atX, atY) = ((float)(x + column * stepX), (float)(y + column * stepY));
            var (floorX, floorY) = (MathF.Floor(atX), MathF.Floor(atY));
            var (shareX, shareY) = (atX - floorX, atY - floorY);
            var (left, top) = ((int)floorX, (int)floorY);
            var (x0, x1) = (Math.Clamp(left, 0, maxX), Math.Clamp(left + 1, 0, maxX));
            var (y0, y1) = (Math.Clamp(top, 0, maxY) * width, Math.Clamp(top + 1, 0, maxY) * width);
            var upper = from[y0 + x0] + shareX * (from[y0 + x1] - from[y0 + x0]);
            var lower = from[y1 + x0] + shareX * (from[y1 + x1] - from[y1 + x0]);
            into[column] = (byte)(upper + shareY * (lower - upper) + 0.5f);
        }
    }
}
