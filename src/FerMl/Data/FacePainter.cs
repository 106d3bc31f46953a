using SkiaSharp;

namespace FerMl;

/// <summary>Draws an expression on a random head, at twice the size of a face, and resamples it like any image.</summary>
internal sealed class FacePainter : IDisposable
{
    private const int Side = 2 * FaceResampler.Side;

    private readonly SKBitmap _bitmap = new(new SKImageInfo(Side, Side, SKColorType.Bgra8888, SKAlphaType.Premul));
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new() { IsAntialias = true, StrokeCap = SKStrokeCap.Round };

    public FacePainter() => _canvas = new SKCanvas(_bitmap);

    public void Dispose()
    {
        _paint.Dispose();
        _canvas.Dispose();
        _bitmap.Dispose();
    }

    /// <param name="expression">The expression.</param>
    /// <param name="random">Source of randomness for head, pose and light; equal seeds give the same head.</param>
    /// <param name="noise">Source of randomness for the noise; by default <paramref name="random"/>.</param>
    /// <returns>The 2,304 pixel values.</returns>
    public byte[] Paint(Expression expression, Random random, Random? noise = null)
    {
        float Between(float low, float high) => low + (high - low) * random.NextSingle();

        var skin = Between(90, 225);
        var features = Between(10, skin - 65);
        var (light, lightAngle) = (Between(0, 0.45f), Between(0, 2 * MathF.PI));
        _canvas.ResetMatrix();
        _canvas.Clear(Gray(Between(10, 240)));
        _canvas.Translate(Side / 2f + Between(-5, 5), Side / 2f + Between(-5, 5));
        _canvas.RotateDegrees(Between(-14, 14));
        _canvas.Scale(Between(0.85f, 1.12f) * (random.Next(2) == 0 ? -1 : 1), Between(0.85f, 1.12f));

        DrawHead(skin, Between(10, 200), Between(31, 36), Between(39, 44), random.Next(3) > 0);
        // A turned head shifts the features.
        _canvas.Translate(Between(-3.5f, 3.5f), Between(-2.5f, 2.5f));
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            DrawEye(side, expression, features, skin);
            DrawBrow(side, expression, features);
        }
        DrawNose(expression, features, skin);
        DrawMouth(expression, features, skin);

        var face = new byte[FaceResampler.PixelCount];
        FaceResampler.ResampleColor(_bitmap.GetPixelSpan(), Side, Side, redFirst: false, face);
        Shade(face, light, lightAngle, Between(0, 11), noise ?? random);
        return face;
    }

    private void DrawHead(float skin, float hair, float width, float height, bool hasHair)
    {
        if (hasHair)
            Fill(hair, () => _canvas.DrawOval(0, -6, width + 5, height + 1, _paint));
        Fill(skin, () => _canvas.DrawOval(0, 0, width, height, _paint));
    }

    private void DrawEye(int side, Expression e, float features, float skin)
    {
        var x = 13.5f * side;
        var opening = 4.2f * e.EyeOpening;
        Fill(Math.Min(255, skin + 45), () => _canvas.DrawOval(x, -9, 7, opening, _paint));
        Fill(features, () => _canvas.DrawOval(x, -9, 3, Math.Min(3, opening), _paint));
        Stroke(features, 1.4f, path =>
        {
            path.MoveTo(x - 7, -9);
            path.QuadTo(x, -9 - 2 * opening, x + 7, -9);
        });
    }

    private void DrawBrow(int side, Expression e, float features) => Stroke(features, 3, path =>
    {
        var (inner, outer) = (-19 - 4.5f * e.InnerBrow, -19 - 4.5f * e.OuterBrow);
        path.MoveTo(5 * side, inner);
        path.QuadTo(13 * side, (inner + outer) / 2 - 2.5f, 21 * side, outer);
    });

    private void DrawNose(Expression e, float features, float skin)
    {
        var shadow = (features + skin) / 2;
        Stroke(shadow, 1.8f, path =>
        {
            path.MoveTo(1.5f, -6);
            path.LineTo(3.5f, 7);
            path.LineTo(-2.5f, 8);
        });
        if (e.NoseWrinkle < 0.15f)
            return;
        foreach (var y in (ReadOnlySpan<float>)[-6, -2.5f])
        {
            Stroke(features, 1.6f * e.NoseWrinkle, path =>
            {
                path.MoveTo(-5, y);
                path.QuadTo(0, y + 2.5f, 5, y);
            });
        }
    }

    private void DrawMouth(Expression e, float features, float skin)
    {
        var (width, curve, open) = (12.5f * e.MouthWidth, 5.5f * e.MouthCurve, 9f * e.MouthOpening);
        const float y = 22;
        using var lips = new SKPath();
        lips.MoveTo(-width, y - curve - 4 * e.UpperLip);
        lips.QuadTo(0, y + curve - open, width, y - curve - 7 * e.Smirk);
        lips.QuadTo(0, y + curve + 1.5f * open, -width, y - curve - 4 * e.UpperLip);
        lips.Close();
        if (open > 1)
            Fill(features * 0.6f, () => _canvas.DrawPath(lips, _paint));
        Paint(SKPaintStyle.Stroke, (2 * features + skin) / 3, 2.6f);
        _canvas.DrawPath(lips, _paint);
    }

    /// <summary>Applies a light gradient across the face, then gray noise with the given standard deviation.</summary>
    private static void Shade(byte[] face, float light, float angle, float noise, Random random)
    {
        const float center = (FaceResampler.Side - 1) / 2f;
        var (dx, dy) = (MathF.Cos(angle) * light / center, MathF.Sin(angle) * light / center);
        for (var i = 0; i < face.Length; i++)
        {
            var (x, y) = (i % FaceResampler.Side - center, i / FaceResampler.Side - center);
            // The sum of four uniform numbers is approximately normal; its standard deviation is 1 / sqrt(3).
            var bell = random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2;
            face[i] = (byte)Math.Clamp(face[i] * (1 + dx * x + dy * y) + noise * 1.732f * bell, 0, 255);
        }
    }

    private void Fill(float gray, Action draw)
    {
        Paint(SKPaintStyle.Fill, gray, 0);
        draw();
    }

    private void Stroke(float gray, float width, Action<SKPath> outline)
    {
        Paint(SKPaintStyle.Stroke, gray, width);
        using var path = new SKPath();
        outline(path);
        _canvas.DrawPath(path, _paint);
    }

    private void Paint(SKPaintStyle style, float gray, float width)
    {
        _paint.Style = style;
        _paint.Color = Gray(gray);
        _paint.StrokeWidth = width;
    }

    private static SKColor Gray(float level)
    {
        var value = (byte)Math.Clamp(level, 0, 255);
        return new SKColor(value, value, value);
    }
}
