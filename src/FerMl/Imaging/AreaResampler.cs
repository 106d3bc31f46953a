using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FerMl;

/// <summary>
/// Weighted sums along image rows, vectorized over sixteen rows. Each sum adds the same products in the same order as scalar code, so the
/// result is bit-identical. Vectorizing across rows avoids waiting for the previous addition of a sum.
/// </summary>
internal static class AreaResampler
{
    /// <summary>Rows per call: the number of bytes in a 128-bit vector.</summary>
    public const int Rows = 16;

    /// <summary>Whether this processor can transpose blocks of sixteen rows quickly.</summary>
    public static bool IsSupported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Sums sixteen rows.</summary>
    /// <param name="gray">The sixteen rows, one after another.</param>
    /// <param name="width">Length of a row; at least 16.</param>
    /// <param name="columns">First pixel and weights of each sum.</param>
    /// <param name="sums">Receives the sums, row by row.</param>
    public static void Sum(ReadOnlySpan<byte> gray, int width, (int First, float[] Weights)[] columns, Span<float> sums)
    {
        var transposed = ArrayPool<byte>.Shared.Rent(width * Rows);
        try
        {
            for (var x = 0; x < width; x += Rows)
            {
                // The last block ends at the end of the rows and may transpose some columns twice.
                var first = Math.Min(x, width - Rows);
                Transpose(gray[first..], width, transposed.AsSpan(first * Rows, Rows * Rows));
            }
            for (var i = 0; i < columns.Length; i++)
            {
                var sum = Sum(transposed.AsSpan(columns[i].First * Rows, columns[i].Weights.Length * Rows), columns[i].Weights);
                for (var row = 0; row < Rows; row++)
                    sums[row * columns.Length + i] = sum[row];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(transposed);
        }
    }

    /// <summary>The weighted sum of columns for each of the sixteen rows.</summary>
    private static Vector512<float> Sum(ReadOnlySpan<byte> transposed, float[] weights)
    {
        if (Avx512F.IsSupported)
        {
            var sum = Vector512<float>.Zero;
            for (var k = 0; k < weights.Length; k++)
                sum += Vector512.Create(weights[k])
                    * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Create(transposed.Slice(k * Rows, Rows))));
            return sum;
        }
        var (a, b, c, d) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
        for (var k = 0; k < weights.Length; k++)
        {
            var weight = Vector128.Create(weights[k]);
            var (low, high) = Vector128.Widen(Vector128.Create(transposed.Slice(k * Rows, Rows)));
            var ((p, q), (r, s)) = (Vector128.Widen(low), Vector128.Widen(high));
            a += weight * Vector128.ConvertToSingle(p.AsInt32());
            b += weight * Vector128.ConvertToSingle(q.AsInt32());
            c += weight * Vector128.ConvertToSingle(r.AsInt32());
            d += weight * Vector128.ConvertToSingle(s.AsInt32());
        }
        return Vector512.Create(Vector256.Create(a, b), Vector256.Create(c, d));
    }

    /// <summary>Transposes a block of 16x16 pixels.</summary>
    private static void Transpose(ReadOnlySpan<byte> gray, int width, Span<byte> into)
    {
        if (Avx512Vbmi.IsSupported)
        {
            TransposeByPermutation(gray, width, into);
            return;
        }
        Span<Vector128<byte>> rows = stackalloc Vector128<byte>[Rows];
        Span<Vector128<byte>> mixed = stackalloc Vector128<byte>[Rows];
        for (var row = 0; row < Rows; row++)
            rows[row] = Vector128.Create(gray.Slice(row * width, Rows));
        // Four perfect shuffles, which interleave the rows of the upper and the lower half, transpose the block.
        Shuffle(rows, mixed);
        Shuffle(mixed, rows);
        Shuffle(rows, mixed);
        Shuffle(mixed, MemoryMarshal.Cast<byte, Vector128<byte>>(into));
    }

    /// <summary>
    /// Transposes with AVX-512 VBMI, which can permute the bytes of two 64-byte vectors freely: first four rows per vector, then half the
    /// columns of eight rows, then four columns of all sixteen rows.
    /// </summary>
    private static void TransposeByPermutation(ReadOnlySpan<byte> gray, int width, Span<byte> into)
    {
        var (a, b, c, d) = (Four(gray, 0, width), Four(gray, 4, width), Four(gray, 8, width), Four(gray, 12, width));
        var (left, right) = (Places.LeftOfEight, Places.RightOfEight);
        var (first, second) = (Places.FirstFour, Places.LastFour);
        var upperLeft = Avx512Vbmi.PermuteVar64x8x2(a, left, b);
        var upperRight = Avx512Vbmi.PermuteVar64x8x2(a, right, b);
        var lowerLeft = Avx512Vbmi.PermuteVar64x8x2(c, left, d);
        var lowerRight = Avx512Vbmi.PermuteVar64x8x2(c, right, d);
        Avx512Vbmi.PermuteVar64x8x2(upperLeft, first, lowerLeft).CopyTo(into);
        Avx512Vbmi.PermuteVar64x8x2(upperLeft, second, lowerLeft).CopyTo(into[64..]);
        Avx512Vbmi.PermuteVar64x8x2(upperRight, first, lowerRight).CopyTo(into[128..]);
        Avx512Vbmi.PermuteVar64x8x2(upperRight, second, lowerRight).CopyTo(into[192..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Four(ReadOnlySpan<byte> gray, int row, int width) => Vector512.Create(
        Vector256.Create(Row(gray, row, width), Row(gray, row + 1, width)),
        Vector256.Create(Row(gray, row + 2, width), Row(gray, row + 3, width)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Row(ReadOnlySpan<byte> gray, int row, int width) => Vector128.Create(gray.Slice(row * width, Rows));

    /// <summary>Permutation indices: the source byte, in two vectors, of each byte of the result.</summary>
    private static class Places
    {
        /// <summary>From eight rows, four per vector: the left eight columns, column by column.</summary>
        public static readonly Vector512<byte> LeftOfEight = Of(place => place % 8 * 16 + place / 8);

        /// <summary>From eight rows, four per vector: the right eight columns, column by column.</summary>
        public static readonly Vector512<byte> RightOfEight = Of(place => place % 8 * 16 + 8 + place / 8);

        /// <summary>From eight columns, with their upper halves in the first vector: the first four.</summary>
        public static readonly Vector512<byte> FirstFour = Of(place => place % 16 / 8 * 64 + place / 16 * 8 + place % 8);

        /// <summary>From eight columns, with their upper halves in the first vector: the last four.</summary>
        public static readonly Vector512<byte> LastFour = Of(place => place % 16 / 8 * 64 + 32 + place / 16 * 8 + place % 8);

        private static Vector512<byte> Of(Func<int, int> from) =>
            Vector512.Create<byte>([.. Enumerable.Range(0, Vector512<byte>.Count).Select(place => (byte)from(place))]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Shuffle(ReadOnlySpan<Vector128<byte>> from, Span<Vector128<byte>> into)
    {
        for (var row = 0; row < Rows / 2; row++)
        {
            into[2 * row] = Low(from[row], from[row + Rows / 2]);
            into[2 * row + 1] = High(from[row], from[row + Rows / 2]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Low(Vector128<byte> one, Vector128<byte> other) =>
        Sse2.IsSupported ? Sse2.UnpackLow(one, other) : AdvSimd.Arm64.ZipLow(one, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> High(Vector128<byte> one, Vector128<byte> other) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(one, other) : AdvSimd.Arm64.ZipHigh(one, other);
}
