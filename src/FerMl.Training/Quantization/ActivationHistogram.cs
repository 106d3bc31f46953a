using System.Runtime.InteropServices;

namespace FerMl.Training;

/// <summary>
/// A histogram of float32 numbers by their upper sixteen bits: sign, exponent and seven bits of mantissa. Percentiles are accurate to
/// within 1 % for any range, which need not be known in advance.
/// </summary>
internal sealed class ActivationHistogram
{
    private readonly long[] _positive = new long[1 << 15];
    private readonly long[] _negative = new long[1 << 15];
    private long _count;

    /// <summary>Counts numbers.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var bits in MemoryMarshal.Cast<float, uint>(values))
            ((bits >> 31) == 0 ? _positive : _negative)[(bits >> 16) & 0x7FFF]++;
        _count += values.Length;
    }

    /// <summary>The number that only a share of all numbers exceeds, or 0 if it is negative.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    public float Highest(double share) => Extreme(_positive, share);

    /// <summary>The number that only a share of all numbers falls below, or 0 if it is positive.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    public float Lowest(double share) => -Extreme(_negative, share);

    private float Extreme(long[] counts, double share)
    {
        var left = share * _count;
        for (var bin = counts.Length - 1; bin > 0; bin--)
            if ((left -= counts[bin]) < 0)
                return BitConverter.UInt32BitsToSingle((uint)bin << 16 | 0xFFFF);
        return 0;
    }
}
