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
internal static class AreaSums
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
        var turned = ArrayPool<float>.Shared.Rent(width * Rows);
        try
        {
            ref var into = ref MemoryMarshal.GetArrayDataReference(turned);
            for (var x = 0; x < width; x += Rows)
                // The last part begins where it ends with the rows, and does some columns twice.
                Turn(gray, width, Math.Min(x, width - Rows), ref into);
            Span<float> column = stackalloc float[Rows];
            for (var i = 0; i < columns.Length; i++)
            {
                var (first, weights) = columns[i];
                var (a, b, c, d) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
                ref var from = ref Unsafe.Add(ref into, first * Rows);
                foreach (var number in weights)
                {
                    var weight = Vector128.Create(number);
                    a += weight * Vector128.LoadUnsafe(ref from);
                    b += weight * Vector128.LoadUnsafe(ref from, 4);
                    c += weight * Vector128.LoadUnsafe(ref from, 8);
                    d += weight * Vector128.LoadUnsafe(ref from, 12);
                    from = ref Unsafe.Add(ref from, Rows);
                }
                a.CopyTo(column);
                b.CopyTo(column[4..]);
                c.CopyTo(column[8..]);
                d.CopyTo(column[12..]);
                for (var row = 0; row < Rows; row++)
                    sums[row * columns.Length + i] = column[row];
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(turned);
        }
    }

    /// <summary>Turns 16x16 pixels from row by row to column by column, as numbers.</summary>
    private static void Turn(ReadOnlySpan<byte> gray, int width, int x, ref float into)
    {
        Span<Vector128<byte>> rows = stackalloc Vector128<byte>[Rows];
        Span<Vector128<byte>> mixed = stackalloc Vector128<byte>[Rows];
        for (var row = 0; row < Rows; row++)
            rows[row] = Vector128.Create(gray.Slice(row * width + x, Rows));
        // Four times the rows of the upper half are shuffled with those of the lower one, as a pack of cards: after that rows are columns.
        for (var round = 0; round < 4; round++)
        {
            for (var row = 0; row < Rows / 2; row++)
            {
                mixed[2 * row] = Low(rows[row], rows[row + Rows / 2]);
                mixed[2 * row + 1] = High(rows[row], rows[row + Rows / 2]);
            }
            mixed.CopyTo(rows);
        }
        for (var column = 0; column < Rows; column++)
        {
            var (low, high) = Vector128.Widen(rows[column]);
            var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
            ref var place = ref Unsafe.Add(ref into, (x + column) * Rows);
            Vector128.ConvertToSingle(a.AsInt32()).StoreUnsafe(ref place);
            Vector128.ConvertToSingle(b.AsInt32()).StoreUnsafe(ref place, 4);
            Vector128.ConvertToSingle(c.AsInt32()).StoreUnsafe(ref place, 8);
            Vector128.ConvertToSingle(d.AsInt32()).StoreUnsafe(ref place, 12);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Low(Vector128<byte> one, Vector128<byte> other) =>
        Sse2.IsSupported ? Sse2.UnpackLow(one, other) : AdvSimd.Arm64.ZipLow(one, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> High(Vector128<byte> one, Vector128<byte> other) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(one, other) : AdvSimd.Arm64.ZipHigh(one, other);
}
