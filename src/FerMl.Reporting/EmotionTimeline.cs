using System.Globalization;

namespace FerMl.Reporting;

/// <summary>Emotions over time as an image: a strip for each face, colored by emotion, paler at lower confidence.</summary>
public static class EmotionTimeline
{
    private const int Width = 960;
    private const int Left = 90;
    private const int Right = 24;
    private const int Top = 48;
    private const int Strip = 26;
    private const int Gap = 8;
    private const int Below = 74;
    // A narrower span wouldn't be visible.
    private const double MinWidth = 0.8;

    /// <summary>Draws the strips as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="title">The title above the strips.</param>
    /// <param name="strips">The faces; at least one with a span.</param>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    public static string ToSvg(string title, IReadOnlyList<TimelineStrip> strips)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(strips);
        TimelineSpan[] spans = [.. strips.SelectMany(strip => strip.Spans)];
        if (spans.Length == 0)
            throw new ArgumentException("There is no emotion to draw.", nameof(strips));
        string[] labels = [.. spans.Select(span => span.Label).Distinct().Order(StringComparer.Ordinal)];
        var (from, to) = (spans.Min(span => span.From), spans.Max(span => span.To));
        var length = Math.Max(to - from, 1e-3);
        var bottom = Top + strips.Count * (Strip + Gap);
        var image = new SvgImage(Width, bottom + Below, title);
        for (var i = 0; i < strips.Count; i++)
        {
            var y = Top + i * (Strip + Gap);
            image.Text(Left - 10, y + Strip / 2 + 5, 13, strips[i].Name, endsAtX: true);
            image.Box(Left, y, Width - Left - Right, Strip, "#e8eaed", 1, "no face");
            foreach (var span in strips[i].Spans)
                image.Box(X(span.From), y, Math.Max(MinWidth, X(span.To) - X(span.From)), Strip, EmotionColors.Of(span.Label, labels), 0.35
                    + 0.65 * span.Confidence,
                    string.Create(CultureInfo.InvariantCulture,
                        $"{span.Label}, {span.Confidence * 100:0} % sure, {span.From:0.0} to {span.To:0.0} s"));
        }
        var step = StepOf(length);
        for (var tick = Math.Ceiling(from / step) * step; tick <= to + 1e-9; tick += step)
            image.Text((int)X(tick), bottom + 14, 12, string.Create(CultureInfo.InvariantCulture, $"{tick:0.###}"), SvgImage.Gray);
        image.Text((Left + Width - Right) / 2, bottom + 32, 12, "seconds", SvgImage.Gray);
        Legend(image, labels, bottom + 46);
        return image.ToSvg();

        double X(double time) => Left + (time - from) / length * (Width - Left - Right);
    }

    private static void Legend(SvgImage image, string[] labels, int y)
    {
        const int each = 110;
        var x = (Width - labels.Length * each) / 2;
        foreach (var label in labels)
        {
            image.Box(x, y, 14, 14, EmotionColors.Of(label, labels), 1, label);
            image.Text(x + 54, y + 12, 13, label);
            x += each;
        }
    }

    /// <summary>A tick distance that gives ten intervals or fewer: 1, 2 or 5 times a power of ten.</summary>
    private static double StepOf(double length)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(length / 10)));
        return (length / power) switch
        {
            <= 10 => power,
            <= 20 => 2 * power,
            <= 50 => 5 * power,
            _ => 10 * power,
        };
    }
}
