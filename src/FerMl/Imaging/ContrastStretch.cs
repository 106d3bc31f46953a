namespace FerMl;

/// <summary>
/// Stretches the contrast of dark or flat images: a narrow range of pixel values, from the 1st to the 99th percentile, is stretched to
/// 0..255. Images with normal contrast stay unchanged, and the transition is gradual, so that video doesn't flicker. It is applied to face
/// crops from photos and frames, and to the detector's input. Images of a single face are scored unchanged, by predictors and ML.NET alike.
/// 99 of 100 FER2013 faces have a wider range than <see cref="Usual"/>.
/// </summary>
internal static class ContrastStretch
{
    /// <summary>Images with at least this range stay unchanged.</summary>
    public const int Usual = 96;

    // Ranges up to Low are stretched fully. Ranges below Nothing contain only noise and stay unchanged.
    private const int Low = 64, Nothing = 6;
    private const double Tail = 0.01;

    /// <summary>Stretches pixel values in place if necessary.</summary>
    public static void Apply(Span<byte> pixels)
    {
        Span<byte> table = stackalloc byte[256];
        if (Table(pixels, 1, table))
            Map(pixels, table, pixels);
    }

    /// <summary>Computes the lookup table of the stretch.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="step">Sampling step in pixels, at least 1, for the histogram.</param>
    /// <param name="table">Receives the new value for each of the 256 pixel values.</param>
    /// <returns>False if the image stays unchanged.</returns>
    public static bool Table(ReadOnlySpan<byte> pixels, int step, Span<byte> table)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var count = 0;
        for (var i = 0; i < pixels.Length; i += step, count++)
            histogram[pixels[i]]++;
        var tail = (int)(Tail * count);
        var (low, high) = (0, 255);
        for (var below = histogram[0]; below <= tail && low < 255;)
            below += histogram[++low];
        for (var above = histogram[255]; above <= tail && high > 0;)
            above += histogram[--high];
        var range = high - low;
        if (range is < Nothing or >= Usual)
            return false;
        var share = Math.Min(1, (double)(Usual - range) / (Usual - Low));
        for (var value = 0; value < 256; value++)
            table[value] = (byte)(Math.Clamp(value + share * ((value - low) * 255.0 / range - value), 0, 255) + 0.5);
        return true;
    }

    /// <summary>Maps pixel values through a lookup table.</summary>
    public static void Map(ReadOnlySpan<byte> pixels, ReadOnlySpan<byte> table, Span<byte> into)
    {
        for (var i = 0; i < pixels.Length; i++)
            into[i] = table[pixels[i]];
    }
}
