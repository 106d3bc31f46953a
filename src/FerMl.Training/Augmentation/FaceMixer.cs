namespace FerMl.Training;

/// <summary>Applies mixup or CutMix to pairs of faces, and their targets, from opposite ends of a batch.</summary>
internal static class FaceMixer
{
    /// <param name="batch">The batch, changed in place.</param>
    /// <param name="options">Which mixes to apply.</param>
    /// <param name="random">The batch's own random stream.</param>
    public static void Mix(Batch batch, AugmentationOptions options, RandomStream random)
    {
        if (options is { MixupAlpha: 0, CutMixAlpha: 0 })
            return;
        var mix = Draw(options, batch.ImageSize, ref random);
        var (width, classes) = (batch.ImageSize * batch.ImageSize, batch.Targets.Length / batch.Labels.Length);
        for (var (i, j) = (0, batch.Count - 1); i < j; i++, j--)
        {
            var one = batch.Pixels.AsSpan(i * width, width);
            var other = batch.Pixels.AsSpan(j * width, width);
            if (mix.IsCut)
                mix.Trade(one, other, batch.ImageSize);
            else
                Blend(one, other, mix.Share);
            Blend(batch.Targets.AsSpan(i * classes, classes), batch.Targets.AsSpan(j * classes, classes), mix.Share);
            if (options.MixesPairwise)
                mix = Draw(options, batch.ImageSize, ref random);
        }
    }

    /// <summary>Draws a mix. Its share is at least 0.5, so that each face's own label keeps the larger part.</summary>
    private static FaceMix Draw(AugmentationOptions options, int side, ref RandomStream random)
    {
        var isCut = options.MixupAlpha == 0 || (options.CutMixAlpha > 0 && random.NextDouble() < 0.5);
        var share = Beta(isCut ? options.CutMixAlpha : options.MixupAlpha, ref random);
        share = Math.Max(share, 1 - share);
        if (!isCut)
            return new FaceMix(IsCut: false, (float)share);
        // Yun et al., equation 2: a rectangle of the image's shape with a random center, clipped to the image; its area sets the share.
        var half = side * Math.Sqrt(1 - share) / 2;
        var (x, y) = (random.Below(side), random.Below(side));
        int From(int middle) => Math.Clamp((int)Math.Round(middle - half), 0, side);
        int To(int middle) => Math.Clamp((int)Math.Round(middle + half), 0, side);
        var (left, top, right, bottom) = (From(x), From(y), To(x), To(y));
        return new FaceMix(IsCut: true, 1 - (float)((right - left) * (bottom - top)) / (side * side), left, top, right, bottom);
    }

    /// <summary>Samples Beta(alpha, alpha) by Jöhnk's method.</summary>
    private static double Beta(double alpha, ref RandomStream random)
    {
        double x, y;
        do
            (x, y) = (Math.Pow(random.NextDouble(), 1 / alpha), Math.Pow(random.NextDouble(), 1 / alpha));
        while (x + y is > 1 or 0);
        return x / (x + y);
    }

    private static void Blend(Span<float> one, Span<float> other, float share)
    {
        for (var k = 0; k < one.Length; k++)
            (one[k], other[k]) = (share * one[k] + (1 - share) * other[k], share * other[k] + (1 - share) * one[k]);
    }

    /// <summary>How to mix two faces: the share of each face itself, and the rectangle that CutMix exchanges.</summary>
    private readonly record struct FaceMix(bool IsCut, float Share, int Left = 0, int Top = 0, int Right = 0, int Bottom = 0)
    {
        public void Trade(Span<float> one, Span<float> other, int side)
        {
            for (var row = Top; row < Bottom; row++)
                for (var at = row * side + Left; at < row * side + Right; at++)
                    (one[at], other[at]) = (other[at], one[at]);
        }
    }
}
