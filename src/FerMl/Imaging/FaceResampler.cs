using System.Buffers;

namespace FerMl;

/// <summary>
/// The one way in which any image becomes a FER2013 face: gray by the ITU-R BT.601 luma weights, then resampled to 48x48.
/// Data sets, training and inference all come through here, so that a model sees at work what it saw in training.
/// </summary>
/// <remarks>
/// An axis that shrinks is averaged over area: each output pixel is the mean of the source pixels it covers, the outermost ones
/// weighted by the part that is covered. An axis that grows is interpolated linearly between pixel centers. Results are rounded
/// to whole gray levels. The whole image is used, so a face that is not square is stretched.
/// </remarks>
public static class FaceResampler
{
    /// <summary>Width and height of a face, in pixels.</summary>
    public const int Side = 48;

    /// <summary>Number of pixels of a face: 48 x 48 = 2,304.</summary>
    public const int PixelCount = Side * Side;

    /// <summary>The largest image that is accepted, in pixels (50 million).</summary>
    public const int MaxImagePixels = 50_000_000;

    /// <summary>Resamples a gray image to a face.</summary>
    /// <param name="gray">Gray levels 0..255, row by row, <paramref name="width"/> x <paramref name="height"/> of them.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="face">Receives the 2,304 gray levels, row by row.</param>
    /// <exception cref="ArgumentException">The sizes don't fit the buffers, or the image is empty or too large.</exception>
    public static void Resample(ReadOnlySpan<byte> gray, int width, int height, Span<byte> face)
    {
        CheckSize(width, height);
        if (gray.Length != (long)width * height)
            throw new ArgumentException(
                $"A {width}x{height} gray image has {(long)width * height} bytes; {gray.Length} given.", nameof(gray));
        if (face.Length != PixelCount)
            throw new ArgumentException($"A face has {PixelCount} bytes; the buffer has {face.Length}.", nameof(face));
        if (width == Side && height == Side)
        {
            gray.CopyTo(face);
            return;
        }

        var columns = AxisWeights.For(width);
        var rows = AxisWeights.For(height);
        var narrow = ArrayPool<float>.Shared.Rent(height * Side);
        try
        {
            for (var y = 0; y < height; y++)
            {
                var line = gray.Slice(y * width, width);
                for (var x = 0; x < Side; x++)
                {
                    var (first, weights) = columns[x];
                    var sum = 0f;
                    for (var k = 0; k < weights.Length; k++)
                        sum += weights[k] * line[first + k];
                    narrow[y * Side + x] = sum;
                }
            }
            for (var y = 0; y < Side; y++)
            {
                var (first, weights) = rows[y];
                for (var x = 0; x < Side; x++)
                {
                    var sum = 0f;
                    for (var k = 0; k < weights.Length; k++)
                        sum += weights[k] * narrow[(first + k) * Side + x];
                    face[y * Side + x] = (byte)Math.Clamp((int)(sum + 0.5f), 0, 255);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(narrow);
        }
    }

    /// <summary>Resamples a color image of four bytes a pixel to a gray face. Alpha is left out of account.</summary>
    /// <param name="pixels">Pixels row by row, four bytes each, without padding.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="redFirst">Whether the bytes are red, green, blue, alpha; else blue, green, red, alpha.</param>
    /// <param name="face">Receives the 2,304 gray levels, row by row.</param>
    /// <exception cref="ArgumentException">The sizes don't fit the buffers, or the image is empty or too large.</exception>
    public static void ResampleColor(ReadOnlySpan<byte> pixels, int width, int height, bool redFirst, Span<byte> face)
    {
        CheckSize(width, height);
        var count = width * height;
        if (pixels.Length != 4L * count)
            throw new ArgumentException($"A {width}x{height} color image has {4L * count} bytes; {pixels.Length} given.", nameof(pixels));
        var (red, blue) = redFirst ? (0, 2) : (2, 0);
        var gray = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            // ITU-R BT.601-7, 2.5.1: Y = 0.299 R + 0.587 G + 0.114 B, in 16-bit fixed point. The weights sum to 65,536, so that
            // a color image of a gray one gives back exactly its gray levels.
            for (var i = 0; i < count; i++)
                gray[i] = (byte)((19595 * pixels[4 * i + red] + 38470 * pixels[4 * i + 1] + 7471 * pixels[4 * i + blue] + 32768) >> 16);
            Resample(gray.AsSpan(0, count), width, height, face);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(gray);
        }
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
