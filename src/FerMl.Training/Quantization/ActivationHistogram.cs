using System.Runtime.InteropServices;

namespace FerMl.Training;

/// <summary>
/// How often which numbers occur, counted by their upper sixteen bits: sign, exponent and seven bits of mantissa, so that a percentile is
/// right within a hundredth of itself, whatever the range, and nothing need be known beforehand.
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

    /// <summary>The number above which a share of all lies, or 0 where that is below 0.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    public float Highest(double share) => Extreme(_positive, share);

    /// <summary>The number below which a share of all lies, or 0 where that is above 0.</summary>
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
