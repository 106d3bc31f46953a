using SkiaSharp;

namespace FerMl;

/// <summary>Turns and mirrors gray images, by the names that Exif has for it (Exif 2.32, tag 274).</summary>
internal static class GrayTurns
{
    // Blocks of pixels that stay in the nearest cache while rows become columns.
    private const int Block = 32;

    /// <summary>The image as it stands upright where it was stored with an orientation.</summary>
    /// <param name="image">The image as stored.</param>
    /// <param name="origin">Where its first pixel belongs.</param>
    public static GrayImage Upright(GrayImage image, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
            return image;
        var isTransposed = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom
            or SKEncodedOrigin.LeftBottom;
        var (width, height) = isTransposed ? (image.Height, image.Width) : (image.Width, image.Height);
        var isMirrored = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightTop
            or SKEncodedOrigin.RightBottom;
        var isFlipped = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightBottom
            or SKEncodedOrigin.LeftBottom;
        var pixels = new byte[width * height];
        if (isTransposed)
            Transpose(image.Pixels.Span, image.Width, image.Height, pixels);
        else
            image.Pixels.Span[..pixels.Length].CopyTo(pixels);
        for (var y = 0; isMirrored && y < height; y++)
            pixels.AsSpan(y * width, width).Reverse();
        for (var y = 0; isFlipped && y < height / 2; y++)
            Swap(pixels.AsSpan(y * width, width), pixels.AsSpan((height - 1 - y) * width, width));
        return new GrayImage(pixels, width, height);
    }

    /// <summary>Rows become columns.</summary>
    private static void Transpose(ReadOnlySpan<byte> from, int width, int height, Span<byte> into)
    {
        for (var top = 0; top < height; top += Block)
            for (var left = 0; left < width; left += Block)
                for (var y = top; y < Math.Min(height, top + Block); y++)
                    for (var x = left; x < Math.Min(width, left + Block); x++)
                        into[x * height + y] = from[y * width + x];
    }

    private static void Swap(Span<byte> one, Span<byte> other)
    {
        for (var x = 0; x < one.Length; x++)
            (one[x], other[x]) = (other[x], one[x]);
    }
}
