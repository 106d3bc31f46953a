namespace FerMl.Detection;

/// <summary>A square of pixel values that can be pasted into a scene at any size: it is kept in several resolutions, each half of the
/// previous one.</summary>
internal sealed class Patch
{
    private const int Levels = 3;
    private readonly float[][] _levels = new float[Levels][];

    /// <param name="pixels">Pixel values, 48x48.</param>
    public Patch(ReadOnlySpan<byte> pixels)
    {
        for (var level = 0; level < Levels; level++)
            _levels[level] = new float[(FaceResampler.Side >> level) * (FaceResampler.Side >> level)];
        Set(pixels);
    }

    /// <summary>Replaces the pixel values.</summary>
    public void Set(ReadOnlySpan<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
            _levels[0][i] = pixels[i];
        for (var level = 1; level < Levels; level++)
        {
            var (from, into, side) = (_levels[level - 1], _levels[level], FaceResampler.Side >> level);
            for (var y = 0; y < side; y++)
                for (var x = 0; x < side; x++)
                {
                    var first = 2 * y * 2 * side + 2 * x;
                    into[y * side + x] = (from[first] + from[first + 1] + from[first + 2 * side] + from[first + 2 * side + 1]) / 4;
                }
        }
    }

    /// <summary>Mean and standard deviation of its pixel values.</summary>
    public (double Mean, double Deviation) Statistics()
    {
        var small = _levels[Levels - 1];
        var mean = small.Average();
        return (mean, Math.Sqrt(small.Average(level => (level - mean) * (level - mean))));
    }

    /// <summary>The level to sample where one pixel of the scene spans this share of the square.</summary>
    public static int LevelFor(double step) => Math.Clamp((int)Math.Round(Math.Log2(Math.Max(1, step * FaceResampler.Side))), 0,
        Levels - 1);

    /// <summary>Samples the square at a position, 0..1 from the left and from the top, with bilinear interpolation.</summary>
    public float At(int level, double u, double v)
    {
        var (pixels, side) = (_levels[level], FaceResampler.Side >> level);
        var x = Math.Clamp(u * side - 0.5, 0, side - 1.001);
        var y = Math.Clamp(v * side - 0.5, 0, side - 1.001);
        var (left, top) = ((int)x, (int)y);
        var (dx, dy) = ((float)(x - left), (float)(y - top));
        var first = top * side + left;
        var upper = pixels[first] + dx * (pixels[first + 1] - pixels[first]);
        var lower = pixels[first + side] + dx * (pixels[first + side + 1] - pixels[first + side]);
        return upper + dy * (lower - upper);
    }
}
