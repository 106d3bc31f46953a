namespace FerMl;

/// <summary>Which source pixels make each of a face's 48 pixels along one axis, and with what weights, which sum to 1.</summary>
internal static class AxisWeights
{
    public static (int First, float[] Weights)[] For(int length)
    {
        var scale = (double)length / FaceResampler.Side;
        return [.. Enumerable.Range(0, FaceResampler.Side).Select(i => scale >= 1 ? Area(i, scale, length) : Linear(i, scale, length))];
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
