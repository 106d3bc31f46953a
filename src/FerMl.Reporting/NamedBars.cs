using System.Globalization;

namespace FerMl.Reporting;

/// <summary>A bar chart of shares by name.</summary>
public static class NamedBars
{
    private const int Left = 190;
    private const int Length = 380;
    private const int Top = 54;
    private const int Row = 28;

    /// <summary>Draws the bars as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="title">The title above the bars.</param>
    /// <param name="rows">Names and shares, 0..1; at least one.</param>
    /// <exception cref="ArgumentException">There is no bar.</exception>
    public static string ToSvg(string title, IReadOnlyList<(string Name, double Share)> rows)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("There is no bar to draw.", nameof(rows));
        var image = new SvgImage(Left + Length + 70, Top + rows.Count * Row + 16, title);
        for (var i = 0; i < rows.Count; i++)
        {
            var (name, share) = rows[i];
            var text = string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0} %");
            image.Text(Left - 10, Top + i * Row + 15, 13, name, endsAtX: true);
            image.Box(Left, Top + i * Row, Math.Max(1, Math.Clamp(share, 0, 1) * Length), Row - 8, "#0072b2", 1, $"{name}: {text}");
            image.Text(Left + (int)(Math.Clamp(share, 0, 1) * Length) + 26, Top + i * Row + 15, 12, text);
        }
        return image.ToSvg();
    }
}
