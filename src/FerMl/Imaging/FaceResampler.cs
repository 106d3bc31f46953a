using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FerMl;

/// <summary>
/// Converts images to FER2013 faces: gray by the ITU-R BT.601 luma weights, then resampled to 48x48. Data sets, training and inference
/// share this conversion, so that models get the same input in training and inference.
/// </summary>
/// <remarks>
/// A shrinking axis is averaged by area: each output pixel is the mean of the source pixels that it covers, weighted by their covered part.
/// A growing axis is interpolated linearly between pixel centers. Results are rounded to integers. The full image is used, so an image that
/// isn't square is stretched.
/// </remarks>
public static class FaceResampler
{
    /// <summary>Width and height of a face, in pixels.</summary>
    public const int Side = 48;

    /// <summary>Number of pixels of a face: 48 x 48 = 2,304.</summary>
    public const int PixelCount = Side * Side;

    /// <summary>The maximum size of an image, in pixels (50 million).</summary>
    public const int MaxImagePixels = 50_000_000;

    /// <summary>Resamples a gray image to a face.</summary>
    /// <param name="gray">Pixel values 0..255, row by row, <paramref name="width"/> x <paramref name="height"/> of them.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="face">Receives the 2,304 pixel values, row by row.</param>
    /// <exception cref="ArgumentException">The sizes don't match the buffers, or the image is empty or too large.</exception>
    public static void Resample(ReadOnlySpan<byte> gray, int width, int height, Span<byte> face)
    {
        CheckSize(width, height);
        if (gray.Length != (long)width * height)
            throw new ArgumentException(
                $"A {width}x{height} gray image has {(long)width * height} bytes; {gray.Length} given.", nameof(gray));
        if (face.Length != PixelCount)
            throw new ArgumentException($"A face has {PixelCount} bytes; the buffer has {face.Length}.", nameof(face));
        GrayResizer.Resize(gray, width, height, face, Side, Side);
    }

    /// <summary>Resamples a color image with four bytes per pixel to a gray face. Alpha is ignored.</summary>
    /// <param name="pixels">Pixels, row by row, four bytes each, without padding.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="redFirst">Whether the bytes are red, green, blue, alpha; otherwise they are blue, green, red, alpha.</param>
    /// <param name="face">Receives the 2,304 pixel values, row by row.</param>
    /// <exception cref="ArgumentException">The sizes don't match the buffers, or the image is empty or too large.</exception>
    public static void ResampleColor(ReadOnlySpan<byte> pixels, int width, int height, bool redFirst, Span<byte> face)
    {
        CheckSize(width, height);
        var count = width * height;
        if (pixels.Length != 4L * count)
            throw new ArgumentException($"A {width}x{height} color image has {(4L * count).Counted("byte")}; {pixels.Length} given.",
                nameof(pixels));
        var gray = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            ToGray(pixels, redFirst, gray.AsSpan(0, count));
            Resample(gray.AsSpan(0, count), width, height, face);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(gray);
        }
    }

    /// <summary>
    /// ITU-R BT.601-7, 2.5.1: Y = 0.299 R + 0.587 G + 0.114 B, in 16-bit fixed point. The weights sum to 65,536, so that gray images stored
    /// as color convert to exactly the same pixel values.
    /// </summary>
    internal static void ToGray(ReadOnlySpan<byte> pixels, bool redFirst, Span<byte> gray)
    {
        const uint red = 19595, green = 38470, blue = 7471, half = 32768;
        var (first, third) = redFirst ? (red, blue) : (blue, red);
        var done = 0;
        if (BitConverter.IsLittleEndian)
        {
            // Vectorized: each pixel is a 32-bit integer with its first byte lowest.
            var words = MemoryMarshal.Cast<byte, uint>(pixels);
            var mask = new Vector<uint>(0xFF);
            for (var width = Vector<uint>.Count; done + 4 * width <= gray.Length; done += 4 * width)
            {
                var low = Vector.Narrow(Level(words[done..]), Level(words[(done + width)..]));
                var high = Vector.Narrow(Level(words[(done + 2 * width)..]), Level(words[(done + 3 * width)..]));
                Vector.Narrow(low, high).CopyTo(gray[done..]);
            }

            Vector<uint> Level(ReadOnlySpan<uint> from)
            {
                var pixel = new Vector<uint>(from);
                return ((pixel & mask) * first + ((pixel >>> 8) & mask) * green + ((pixel >>> 16) & mask) * third + new Vector<uint>(half))
                    >>> 16;
            }
        }
        for (var i = done; i < gray.Length; i++)
            gray[i] = (byte)((first * pixels[4 * i] + green * pixels[4 * i + 1] + third * pixels[4 * i + 2] + half) >> 16);
    }

    private static void CheckSize(int width, int height)
    {
        if (width < 1 || height < 1)
            throw new ArgumentException($"An image of {width}x{height} pixels is empty.");
        if ((long)width * height > MaxImagePixels)
            throw new ArgumentException(
                $"An image of {width}x{height} pixels is larger than the {MaxImagePixels / 1_000_000} megapixels that are accepted; crop "
                    + $"it to the face.");
    }
}
