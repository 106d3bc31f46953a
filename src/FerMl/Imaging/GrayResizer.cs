using System.Buffers;
using System.Numerics.Tensors;

namespace FerMl;

/// <summary>
/// Resizes gray images, to faces and any other size: a shrinking axis is averaged by area, as OpenCV's INTER_AREA does; a growing axis is
/// interpolated linearly (<see cref="AxisWeights"/>).
/// </summary>
internal static class GrayResizer
{
    // Image rows per block: their sums fit the processor's L2 cache.
    private const int MaxRows = 128;

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
        var longest = rows.Max(row => row.Weights.Length);
        var pool = ArrayPool<float>.Shared;
        var (narrow, sums, products) = (pool.Rent(Math.Max(MaxRows, longest) * newWidth), pool.Rent(newWidth), pool.Rent(newWidth));
        try
        {
            for (int top = 0, bottom; top < newHeight; top = bottom)
            {
                var first = rows[top].First;
                for (bottom = top + 1; bottom < newHeight && EndOf(rows[bottom]) - first <= MaxRows; bottom++)
                    ;
                var count = EndOf(rows[bottom - 1]) - first;
                Narrow(gray.Slice(first * width, count * width), width, columns, narrow);
                for (var y = top; y < bottom; y++)
                    Write(narrow.AsSpan((rows[y].First - first) * newWidth), rows[y].Weights, sums.AsSpan(0, newWidth),
                        products.AsSpan(0, newWidth), output.Slice(y * newWidth, newWidth));
            }
        }
        finally
        {
            pool.Return(narrow);
            pool.Return(sums);
            pool.Return(products);
        }
    }

    private static int EndOf((int First, float[] Weights) row) => row.First + row.Weights.Length;

    /// <summary>Resizes rows horizontally.</summary>
    private static void Narrow(ReadOnlySpan<byte> gray, int width, (int First, float[] Weights)[] columns, Span<float> narrow)
    {
        var height = gray.Length / width;
        var atOnce = width >= AreaResampler.Rows && AreaResampler.IsSupported ? height - height % AreaResampler.Rows : 0;
        for (var y = 0; y < atOnce; y += AreaResampler.Rows)
            AreaResampler.Sum(gray.Slice(y * width, AreaResampler.Rows * width), width, columns,
                narrow.Slice(y * columns.Length, AreaResampler.Rows * columns.Length));
        for (var y = atOnce; y < height; y++)
        {
            var line = gray.Slice(y * width, width);
            for (var x = 0; x < columns.Length; x++)
            {
                var (first, weights) = columns[x];
                var sum = 0f;
                for (var k = 0; k < weights.Length; k++)
                    sum += weights[k] * line[first + k];
                narrow[y * columns.Length + x] = sum;
            }
        }
    }

    /// <summary>Writes an output row: the weighted sum of horizontally resized rows, starting at the first.</summary>
    private static void Write(ReadOnlySpan<float> narrow, float[] weights, Span<float> sums, Span<float> products, Span<byte> output)
    {
        sums.Clear();
        for (var k = 0; k < weights.Length; k++)
        {
            TensorPrimitives.Multiply(narrow.Slice(k * sums.Length, sums.Length), weights[k], products);
            TensorPrimitives.Add(sums, products, sums);
        }
        for (var x = 0; x < output.Length; x++)
            output[x] = (byte)Math.Clamp((int)(sums[x] + 0.5f), 0, 255);
    }
}
