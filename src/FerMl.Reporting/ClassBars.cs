using System.Globalization;

namespace FerMl.Reporting;

/// <summary>Bars for the precision, recall and F1 of each label.</summary>
public static class ClassBars
{
    private const int Left = 110;
    private const int Bar = 14;
    private const int Group = 3 * Bar + 16;
    private const int Length = 420;
    private const int Top = 70;

    private static readonly (string Name, string Color)[] Figures = [("precision", "#0072b2"), ("recall", "#d55e00"), ("F1", "#009e73")];

    /// <summary>Draws the bars as a self-contained SVG image, readable on a light and on a dark page.</summary>
    public static string ToSvg(string title, EmotionMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(metrics);
        var bottom = Top + metrics.PerClass.Length * Group;
        var image = new SvgImage(Left + Length + 80, bottom + 40, title);
        for (var i = 0; i < Figures.Length; i++)
        {
            image.Box(Left + i * 120, 44, 12, 12, Figures[i].Color, 1, Figures[i].Name);
            image.Text(Left + i * 120 + 52, 55, 12, Figures[i].Name);
        }
        for (var tick = 0; tick <= 4; tick++)
        {
            var x = Left + tick * Length / 4;
            image.Stroke(x, Top - 4, x, bottom, "#d5d9de");
            image.Text(x, bottom + 18, 12, $"{tick * 25} %", SvgImage.Gray);
        }
        for (var c = 0; c < metrics.PerClass.Length; c++)
        {
            var row = metrics.PerClass[c];
            var y = Top + c * Group;
            image.Text(Left - 10, y + Group / 2 - 6, 13, row.Label, endsAtX: true);
            image.Text(Left - 10, y + Group / 2 + 9, 11, string.Create(CultureInfo.InvariantCulture, $"{row.Support.Counted("face")}"),
                SvgImage.Gray, endsAtX: true);
            double[] values = [row.Precision, row.Recall, row.F1];
            for (var i = 0; i < values.Length; i++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{values[i] * 100:F0} %");
                image.Box(Left, y + i * Bar, Math.Max(1, values[i] * Length), Bar - 2, Figures[i].Color, 1,
                    $"{row.Label}: {Figures[i].Name} {text}");
                image.Text(Left + (int)(values[i] * Length) + 22, y + i * Bar + 10, 11, text);
            }
        }
        return image.ToSvg();
    }
}
