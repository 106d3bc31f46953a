using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>
/// Resizes gray images to any size: an axis that shrinks is averaged over area, one that grows is interpolated linearly
/// (<see cref="AxisWeights"/>), as OpenCV's INTER_AREA does for images that shrink.
/// </summary>
internal static class GrayResizer
{
    /// <summary>Resizes an image.</summary>
    /// <param name="gray">Pixel values, row by row.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="output">Receives the pixel values.</param>
    /// <param name="newWidth">Width of the output, at least 1.</param>
    /// <param name="newHeight">Height of the output, at least 1.</param>
    public static void Resize(ReadOnlySpan<byte> gray, int width, int height, Span<byte> output, int newWidth, int newHeight)
    {
        if (width == newWidth && height == newHeight)
        {
            gray[..(width * height)].CopyTo(output);
            return;
        }
        var (columns, rows) = (AxisWeights.Between(width, newWidth), AxisWeights.Between(height, newHeight));
        var sum = ArrayPool<float>.Shared.Rent(width);
        try
        {
            for (var y = 0; y < newHeight; y++)
            {
                // Rows first: many pixels of a row are multiplied and added at once, and each row is read but once or twice.
                var (first, weights) = rows[y];
                for (var k = 0; k < weights.Length; k++)
                    Add(gray.Slice((first + k) * width, width), weights[k], sum.AsSpan(0, width), isFirst: k == 0);
                var into = output.Slice(y * newWidth, newWidth);
                for (var x = 0; x < into.Length; x++)
                {
                    var (left, shares) = columns[x];
                    var covered = sum.AsSpan(left, shares.Length);
                    var value = 0.5f;
                    for (var k = 0; k < shares.Length; k++)
                        value += covered[k] * shares[k];
                    into[x] = (byte)value;
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(sum);
        }
    }

    /// <summary>Adds a row of pixel values, times a weight, to sums.</summary>
    private static void Add(ReadOnlySpan<byte> row, float weight, Span<float> sums, bool isFirst)
    {
        var (x, count) = (0, Vector<float>.Count);
        var factor = new Vector<float>(weight);
        for (; x + 4 * count <= row.Length; x += 4 * count)
        {
            Vector.Widen(new Vector<byte>(row[x..]), out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            Store(a, factor, sums[x..], isFirst);
            Store(b, factor, sums[(x + count)..], isFirst);
            Store(c, factor, sums[(x + 2 * count)..], isFirst);
            Store(d, factor, sums[(x + 3 * count)..], isFirst);
        }
        for (; x < row.Length; x++)
            sums[x] = (isFirst ? 0 : sums[x]) + weight * row[x];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<uint> values, Vector<float> factor, Span<float> sums, bool isFirst)
    {
        // As signed numbers, which processors convert at once.
        var product = Vector.ConvertToSingle(values.As<uint, int>()) * factor;
        (isFirst ? product : product + new Vector<float>(sums)).CopyTo(sums);
    }
}
