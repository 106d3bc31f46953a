using System.Globalization;
using System.Security;
using System.Text;

namespace FerMl.Reporting;

/// <summary>A picture of faces in rows, each row one face in several forms: as it is, and as training changes it.</summary>
public static class ContactSheet
{
    private const int Face = 80;
    private const int Gap = 8;
    private const int Name = 96;
    private const int Title = 72;

    /// <summary>Draws the sheet as a self-contained SVG picture, readable on a light and on a dark page.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="columns">What stands above each column.</param>
    /// <param name="rows">The rows: a name, and 2,304 grey levels for each column.</param>
    /// <exception cref="ArgumentException">There is no row, or a row has another number of faces than there are columns.</exception>
    public static string ToSvg(string title, IReadOnlyList<string> columns, IReadOnlyList<(string Name, IReadOnlyList<byte[]> Faces)> rows)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("There is no face to draw.", nameof(rows));
        if (rows.FirstOrDefault(row => row.Faces.Count != columns.Count) is { Name: not null } odd)
            throw new ArgumentException($"The row '{odd.Name}' has {odd.Faces.Count} faces for {columns.Count} columns.", nameof(rows));
        var (width, height) = (Name + columns.Count * (Face + Gap) + Gap, Title + rows.Count * (Face + Gap) + Gap);

        var svg = new StringBuilder();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" role=\"img\" aria-label=\"{Escape(title)}\">");
        Line($"<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#fafafa\"/>");
        Line($"<text x=\"{width / 2}\" y=\"30\" font-size=\"16\" font-weight=\"600\" text-anchor=\"middle\" fill=\"#1f2328\">{Escape(title)}</text>");
        for (var c = 0; c < columns.Count; c++)
            Line($"<text x=\"{Name + c * (Face + Gap) + Face / 2}\" y=\"{Title - 10}\" font-size=\"12\" text-anchor=\"middle\" fill=\"#59636e\">{Escape(columns[c])}</text>");
        for (var r = 0; r < rows.Count; r++)
        {
            var y = Title + r * (Face + Gap);
            Line($"<text x=\"{Name - 12}\" y=\"{y + Face / 2 + 5}\" font-size=\"13\" text-anchor=\"end\" fill=\"#1f2328\">{Escape(rows[r].Name)}</text>");
            for (var c = 0; c < columns.Count; c++)
                Line($"<image x=\"{Name + c * (Face + Gap)}\" y=\"{y}\" width=\"{Face}\" height=\"{Face}\" href=\"{FacePng.ToDataAddress(rows[r].Faces[c])}\"/>");
        }
        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string text) => SecurityElement.Escape(text);
}
