using System.Globalization;
using System.Security;
using System.Text;

namespace FerMl.Reporting;

/// <summary>A picture of faces side by side, each with its true label and, where a model was asked, the predicted one: the paper's grid of test faces.</summary>
public static class FaceGrid
{
    private const int Face = 96;
    private const int Gap = 24;
    private const int Caption = 42;
    private const int Title = 44;

    /// <summary>Draws the grid as a self-contained SVG picture, readable on a light and on a dark page.</summary>
    /// <param name="title">What stands above the faces.</param>
    /// <param name="tiles">The faces, row by row; at least one.</param>
    /// <param name="columns">Faces in a row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no face.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no columns.</exception>
    public static string ToSvg(string title, IReadOnlyList<FaceTile> tiles, int columns = 7)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (tiles.Count == 0)
            throw new ArgumentException("There is no face to draw.", nameof(tiles));
        columns = Math.Min(columns, tiles.Count);
        var rows = (tiles.Count + columns - 1) / columns;
        var (width, height) = (columns * (Face + Gap) + Gap, Title + rows * (Face + Caption + Gap));

        var svg = new StringBuilder();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" text-anchor=\"middle\" role=\"img\" aria-label=\"{Escape(title)}\">");
        Line($"<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#fafafa\"/>");
        Line($"<text x=\"{width / 2}\" y=\"28\" font-size=\"16\" font-weight=\"600\" fill=\"#1f2328\">{Escape(title)}</text>");
        for (var i = 0; i < tiles.Count; i++)
        {
            var (x, y) = (Gap + i % columns * (Face + Gap), Title + i / columns * (Face + Caption + Gap));
            var centre = x + Face / 2;
            var tile = tiles[i];
            var truth = tile.Face.Emotion.ToLabel();
            Line($"<image x=\"{x}\" y=\"{y}\" width=\"{Face}\" height=\"{Face}\" href=\"{FacePng.ToDataAddress(tile.Face.Pixels)}\"/>");
            Line($"<text x=\"{centre}\" y=\"{y + Face + 16}\" font-size=\"13\" fill=\"#1f2328\">{Escape(truth)}</text>");
            if (tile.Prediction is not { } prediction)
                continue;
            // The mark says the same as the colour does, for readers who can't tell the colours apart.
            var (colour, mark) = prediction.Label == truth ? ("#116329", "✓") : ("#a40e26", "✗");
            Line($"<text x=\"{centre}\" y=\"{y + Face + 34}\" font-size=\"12\" font-weight=\"600\" fill=\"{colour}\">{mark} {Escape(prediction.ToString())}</text>");
        }
        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string text) => SecurityElement.Escape(text);
}
