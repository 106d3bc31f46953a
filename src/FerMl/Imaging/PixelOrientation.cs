using SkiaSharp;

namespace FerMl;

/// <summary>Applies the Exif orientation (Exif 2.32, tag 274) to images with any pixel type, by rotating and mirroring them.</summary>
internal static class PixelOrientation
{
    // Side of the blocks in which pixels are transposed, so that they stay in the L1 cache.
    private const int Block = 32;

    /// <summary>Whether an orientation exchanges rows and columns.</summary>
    public static bool IsTransposed(SKEncodedOrigin origin) => origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop
        or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>Applies the orientation to a gray image.</summary>
    /// <param name="image">The image as stored.</param>
    /// <param name="origin">The image's orientation.</param>
    public static GrayImage Upright(GrayImage image, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
            return image;
        var pixels = new byte[image.Width * image.Height];
        Apply(image.Pixels.Span, image.Width, image.Height, origin, pixels);
        return IsTransposed(origin) ? new GrayImage(pixels, image.Height, image.Width) : image with { Pixels = pixels };
    }

    /// <summary>Applies the orientation to an image and writes the result.</summary>
    /// <param name="stored">The pixels as stored, row by row.</param>
    /// <param name="width">Width as stored.</param>
    /// <param name="height">Height as stored.</param>
    /// <param name="origin">The image's orientation.</param>
    /// <param name="upright">Receives the pixels; width and height are exchanged for transposing orientations.</param>
    public static void Apply<T>(ReadOnlySpan<T> stored, int width, int height, SKEncodedOrigin origin, Span<T> upright)
    {
        if (IsTransposed(origin))
        {
            Transpose(stored, width, height, upright);
            (width, height) = (height, width);
        }
        else
        {
            stored[..(width * height)].CopyTo(upright);
        }
        if (origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom)
            for (var y = 0; y < height; y++)
                upright.Slice(y * width, width).Reverse();
        if (origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft
            or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom)
            for (var y = 0; y < height / 2; y++)
                Swap(upright.Slice(y * width, width), upright.Slice((height - 1 - y) * width, width));
    }

    /// <summary>Exchanges rows and columns.</summary>
    private static void Transpose<T>(ReadOnlySpan<T> from, int width, int height, Span<T> into)
    {
        for (var top = 0; top < height; top += Block)
            for (var left = 0; left < width; left += Block)
                for (var y = top; y < Math.Min(height, top + Block); y++)
                    for (var x = left; x < Math.Min(width, left + Block); x++)
                        into[x * height + y] = from[y * width + x];
    }

    private static void Swap<T>(Span<T> one, Span<T> other)
    {
        for (var x = 0; x < one.Length; x++)
            (one[x], other[x]) = (other[x], one[x]);
    }
}
