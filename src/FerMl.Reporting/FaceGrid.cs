namespace FerMl.Reporting;

/// <summary>
/// An image of faces in a grid, each with its true label and, if any, the predicted one, as the paper's grid of test faces.
/// </summary>
public static class FaceGrid
{
    private const int Face = 96;
    private const int Gap = 24;
    private const int Caption = 42;
    private const int Title = 44;

    /// <summary>Draws the grid as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="title">The title above the faces.</param>
    /// <param name="tiles">The faces, row by row; at least one.</param>
    /// <param name="columns">Faces per row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no face.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of columns is below 1.</exception>
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

        var image = new SvgImage(width, height, title);
        for (var i = 0; i < tiles.Count; i++)
        {
            var (x, y) = (Gap + i % columns * (Face + Gap), Title + i / columns * (Face + Caption + Gap));
            var center = x + Face / 2;
            var tile = tiles[i];
            var truth = tile.Face.Label;
            image.Face(x, y, Face, tile.Face.Pixels);
            image.Text(center, y + Face + 16, 13, truth);
            if (tile.Prediction is not { } prediction)
                continue;
            // The mark repeats what the color says, for color-blind readers.
            var (color, mark) = prediction.Label == truth ? ("#116329", "✓") : ("#a40e26", "✗");
            image.Text(center, y + Face + 34, 12, $"{mark} {prediction}", color, isBold: true);
        }
        return image.ToSvg();
    }
}
