namespace FerMl.Training;

/// <summary>
/// Draws typical occlusions over faces: medical masks, scarves, sunglasses and hands. Eyes, nose and mouth are where FER2013's images have
/// them; sizes, brightness and patterns are random.
/// </summary>
internal static class FaceOcclusion
{
    private const int Side = FaceResampler.Side;
    private const double Center = (Side - 1) / 2.0;

    // Rows of facial landmarks in FER2013, in pixels from the top of 48, and the horizontal distance of an eye from the center.
    private const double EyeRow = 18, BridgeRow = 24, MouthRow = 37, EyeOffset = 10;

    /// <summary>Draws one occlusion.</summary>
    /// <param name="face">The 2,304 pixel values of a face, changed in place.</param>
    /// <param name="random">Selects the kind, position and appearance.</param>
    public static void Draw(Span<byte> face, ref RandomStream random)
    {
        switch (random.Below(8))
        {
            case < 4: Mask(face, ref random); break;
            case 4: Scarf(face, ref random); break;
            case < 7: Sunglasses(face, ref random); break;
            default: Hand(face, ref random); break;
        }
    }

    /// <summary>A mask from the bridge of the nose to below the chin, with optional folds, seam and ear loops.</summary>
    private static void Mask(Span<byte> face, ref RandomStream random)
    {
        var (top, slope, half) = (BridgeRow + random.Between(-2, 5), random.Between(0.002, 0.02), random.Between(17, 25));
        var (middle, taper) = (Center + random.Between(-2, 2), random.Between(0, 0.35));
        var (level, shade, grain) = (random.Between(20, 250), random.Between(-10, 45), random.Between(0, 8));
        var (folds, depth, seam) = (random.Between(3, 8), random.Below(2) * random.Between(4, 20), random.Below(3) == 0);
        var loops = random.Below(2) == 0;
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var across = x - middle;
                var edge = top + slope * across * across;
                var width = half - taper * Math.Max(0, y - top);
                var share = Soft(y - edge) * Soft(width - Math.Abs(across));
                var from = level - shade * Math.Pow(across / half, 2) + depth * Math.Sin((y - edge) * 2 * Math.PI / folds)
                    + (seam ? 12 * Math.Exp(-across * across / 3) : 0) + grain * random.Between(-1, 1);
                if (loops && Math.Abs(across) >= width)
                    share = 0.8 * Soft(0.4 - Math.Abs(y - edge - 2 + 0.4 * (Math.Abs(across) - width)));
                Blend(face, x, y, share, from);
            }
    }

    /// <summary>A striped scarf, from below the nose to the bottom, across the entire image.</summary>
    private static void Scarf(Span<byte> face, ref RandomStream random)
    {
        var (top, tilt, bend) = (random.Between(28, 35), random.Between(-0.15, 0.15), random.Between(-0.012, 0.012));
        var (level, height, grain) = (random.Between(20, 230), random.Between(0, 45), random.Between(0, 20));
        var (angle, length) = (random.Between(0, Math.PI), random.Between(3, 14));
        var (a, b) = (2 * Math.PI * Math.Cos(angle) / length, 2 * Math.PI * Math.Sin(angle) / length);
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var across = x - Center;
                Blend(face, x, y, Soft(y - top - tilt * across - bend * across * across),
                    level + height * Math.Sin(a * x + b * y) + grain * random.Between(-1, 1));
            }
    }

    /// <summary>Sunglasses: two dark lenses, a bridge between them and temples to the ears.</summary>
    private static void Sunglasses(Span<byte> face, ref RandomStream random)
    {
        var (row, offset) = (EyeRow + random.Between(-1, 2), EyeOffset + random.Between(-1, 1));
        var (width, height, power) = (random.Between(6.5, 10), random.Between(4.5, 8.5), random.Between(2, 5));
        var (level, fade, frame) = (random.Between(0, 70), random.Between(-1, 5), random.Between(0, 200));
        var (glare, bar) = (random.Below(3) == 0 ? random.Between(30, 120) : 0, random.Between(0.5, 1.3));
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var (across, down) = (Math.Abs(x - Center), y - row);
                if (across < offset - width / 2 || across > offset)
                    Blend(face, x, y, Soft(bar - Math.Abs(down + height / 2)), frame);
                var radius = Math.Pow(
                    Math.Pow(Math.Abs(across - offset) / width, power) + Math.Pow(Math.Abs(down) / height, power), 1 / power);
                var shine = glare * Math.Exp(-Math.Pow(across - offset + 2, 2) / 8 - Math.Pow(down + 2, 2) / 6);
                Blend(face, x, y, Soft((1 - radius) * width), level + fade * down + shine);
                Blend(face, x, y, Soft(bar / 2 - Math.Abs(1 - radius) * width), frame);
            }
    }

    /// <summary>Fingers that reach from the image's edge over the mouth or an eye.</summary>
    private static void Hand(Span<byte> face, ref RandomStream random)
    {
        var angle = random.Between(-0.9, 0.9) + (random.Below(3) == 0 ? Math.PI : 0);
        var (tipX, tipY) = random.Below(3) > 0 ? (Center + random.Between(-6, 6), MouthRow - random.Between(0, 6))
            : (Center + EyeOffset * (random.Below(2) * 2 - 1), EyeRow + random.Between(-3, 3));
        var (fingers, thick) = (1 + random.Below(5), random.Between(2.2, 4.2));
        var mean = 0.0;
        foreach (var level in face)
            mean += level;
        var skin = Math.Clamp(mean / face.Length + random.Between(-25, 45), 20, 240);
        // A finger's axis points away from its tip, downward for an angle of 0.
        var (alongX, alongY) = (Math.Sin(angle), Math.Cos(angle));
        for (var finger = 0; finger < fingers; finger++)
        {
            var (aside, shorter) = ((finger - (fingers - 1) / 2.0) * thick * 2.05, random.Between(0, 4));
            for (var y = 0; y < Side; y++)
                for (var x = 0; x < Side; x++)
                {
                    var (dx, dy) = (x - tipX, y - tipY);
                    var along = dx * alongX + dy * alongY - shorter;
                    var across = dx * alongY - dy * alongX - aside;
                    var away = along < 0 ? Math.Sqrt(along * along + across * across) : Math.Abs(across);
                    Blend(face, x, y, Soft(thick - away), skin - 40 * Math.Pow(away / thick, 3));
                }
        }
    }

    /// <summary>Coverage of a pixel, 0 to 1, at a distance inside an edge, in pixels.</summary>
    private static double Soft(double inside) => Math.Clamp(inside + 0.5, 0, 1);

    private static void Blend(Span<byte> face, int x, int y, double share, double level)
    {
        if (share <= 0)
            return;
        ref var pixel = ref face[y * Side + x];
        pixel = (byte)Math.Clamp(pixel + share * (Math.Clamp(level, 0, 255) - pixel) + 0.5, 0, 255);
    }
}
