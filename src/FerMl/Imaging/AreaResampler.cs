using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FerMl;

/// <summary>
/// Weighted sums along the rows of an image, sixteen rows at once. Each sum is made of the same products in the same order as one after
/// another would be, so that the result is the same to the last bit; but sixteen of them don't wait for each other.
/// </summary>
internal static class AreaResampler
{
    /// <summary>Rows that are summed at once: as many bytes as a vector of 128 bits has.</summary>
    public const int Rows = 16;

    /// <summary>Whether this processor can turn sixteen rows into columns quickly.</summary>
    public static bool IsSupported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Sums sixteen rows.</summary>
    /// <param name="gray">The rows, one after another.</param>
    /// <param name="width">Their length; at least 16.</param>
    /// <param name="columns">What makes each of the sums.</param>
    /// <param name="sums">Receives the sums of the first row, then of the second.</param>
    public static void Sum(ReadOnlySpan<byte> gray, int width, (int First, float[] Weights)[] columns, Span<float> sums)
    {
        var turned = ArrayPool<byte>.Shared.Rent(width * Rows);
        try
        {
            for (var x = 0; x < width; x += Rows)
            {
                // The last part ends with the rows, and turns some columns twice.
                var first = Math.Min(x, width - Rows);
                Transpose(gray[first..], width, turned.AsSpan(first * Rows, Rows * Rows));
            }
            for (var i = 0; i < columns.Length; i++)
            {
                var sum = Sum(turned.AsSpan(columns[i].First * Rows, columns[i].Weights.Length * Rows), columns[i].Weights);
                for (var row = 0; row < Rows; row++)
                    sums[row * columns.Length + i] = sum[row];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(turned);
        }
    }

    /// <summary>The weighted sum of columns, for each of the sixteen rows.</summary>
    private static Vector512<float> Sum(ReadOnlySpan<byte> turned, float[] weights)
    {
        if (Avx512F.IsSupported)
        {
            var sum = Vector512<float>.Zero;
            for (var k = 0; k < weights.Length; k++)
                sum += Vector512.Create(weights[k])
                    * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Create(turned.Slice(k * Rows, Rows))));
            return sum;
        }
        var (a, b, c, d) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
        for (var k = 0; k < weights.Length; k++)
        {
            var weight = Vector128.Create(weights[k]);
            var (low, high) = Vector128.Widen(Vector128.Create(turned.Slice(k * Rows, Rows)));
            var ((p, q), (r, s)) = (Vector128.Widen(low), Vector128.Widen(high));
            a += weight * Vector128.ConvertToSingle(p.AsInt32());
            b += weight * Vector128.ConvertToSingle(q.AsInt32());
            c += weight * Vector128.ConvertToSingle(r.AsInt32());
            d += weight * Vector128.ConvertToSingle(s.AsInt32());
        }
        return Vector512.Create(Vector256.Create(a, b), Vector256.Create(c, d));
    }

    /// <summary>Turns 16x16 pixels from row by row to column by column.</summary>
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
        // Four times the rows of the upper half are shuffled with those of the lower one, as a pack of cards: after that rows are columns.
        Shuffle(rows, mixed);
        Shuffle(mixed, rows);
        Shuffle(rows, mixed);
        Shuffle(mixed, MemoryMarshal.Cast<byte, Vector128<byte>>(into));
    }

    /// <summary>
    /// The same where any bytes of two vectors of 64 can be put anywhere: four rows in a vector, then halves of the columns of eight rows,
    /// then four columns of all sixteen.
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

    /// <summary>Which byte of two vectors goes to each place of a third.</summary>
    private static class Places
    {
        /// <summary>Of eight rows, four in each vector, the eight columns on the left, column by column.</summary>
        public static readonly Vector512<byte> LeftOfEight = Of(place => place % 8 * 16 + place / 8);

        /// <summary>The eight columns on the right.</summary>
        public static readonly Vector512<byte> RightOfEight = Of(place => place % 8 * 16 + 8 + place / 8);

        /// <summary>Of eight columns, the upper half of each in the first vector, the first four.</summary>
        public static readonly Vector512<byte> FirstFour = Of(place => place % 16 / 8 * 64 + place / 16 * 8 + place % 8);

        /// <summary>The last four.</summary>
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
