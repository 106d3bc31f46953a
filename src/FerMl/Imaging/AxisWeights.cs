namespace FerMl;

/// <summary>Resampling weights along one axis: the source pixels of each output pixel and their weights, which sum to 1.</summary>
internal static class AxisWeights
{
    /// <summary>The weights for resampling an axis to another length; both are at least 1.</summary>
    public static (int First, float[] Weights)[] Between(int length, int newLength)
    {
        var scale = (double)length / newLength;
        return [.. Enumerable.Range(0, newLength).Select(i => scale >= 1 ? Area(i, scale, length) : Linear(i, scale, length))];
    }

    private static (int, float[]) Area(int i, double scale, int length)
    {
        var (from, to) = (i * scale, (i + 1) * scale);
        var first = (int)from;
        var last = Math.Min((int)Math.Ceiling(to), length) - 1;
        var weights = new float[last - first + 1];
        for (var k = first; k <= last; k++)
            weights[k - first] = (float)((Math.Min(to, k + 1) - Math.Max(from, k)) / scale);
        return (first, weights);
    }

    private static (int, float[]) Linear(int i, double scale, int length)
    {
        var center = Math.Clamp((i + 0.5) * scale - 0.5, 0, length - 1);
        var first = Math.Min((int)center, Math.Max(0, length - 2));
        var share = (float)(center - first);
        return length == 1 ? (0, [1f]) : (first, [1 - share, share]);
    }
}
