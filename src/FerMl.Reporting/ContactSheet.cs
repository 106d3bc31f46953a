namespace FerMl.Reporting;

/// <summary>An image of faces in rows, each row one face in several versions: original and augmented.</summary>
public static class ContactSheet
{
    private const int Face = 80;
    private const int Gap = 8;
    private const int Name = 96;
    private const int Title = 72;

    /// <summary>Draws the sheet as a self-contained SVG image, readable on a light and on a dark page.</summary>
    /// <param name="title">The title above the sheet.</param>
    /// <param name="columns">The heading of each column.</param>
    /// <param name="rows">The rows: a name, and 2,304 pixel values for each column.</param>
    /// <exception cref="ArgumentException">There is no row, or a row's number of faces doesn't match the columns.</exception>
    public static string ToSvg(string title, IReadOnlyList<string> columns, IReadOnlyList<(string Name, IReadOnlyList<byte[]> Faces)> rows)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("There is no face to draw.", nameof(rows));
        if (rows.FirstOrDefault(row => row.Faces.Count != columns.Count) is { Name: not null } odd)
            throw new ArgumentException($"The row '{odd.Name}' has {odd.Faces.Count.Counted("face")} for "
                + $"{columns.Count.Counted("column")}.", nameof(rows));
        var (width, height) = (Name + columns.Count * (Face + Gap) + Gap, Title + rows.Count * (Face + Gap) + Gap);

        var image = new SvgImage(width, height, title);
        for (var c = 0; c < columns.Count; c++)
            image.Text(Name + c * (Face + Gap) + Face / 2, Title - 10, 12, columns[c], SvgImage.Gray);
        for (var r = 0; r < rows.Count; r++)
        {
            var y = Title + r * (Face + Gap);
            image.Text(Name - 12, y + Face / 2 + 5, 13, rows[r].Name, endsAtX: true);
            for (var c = 0; c < columns.Count; c++)
                image.Face(Name + c * (Face + Gap), y, Face, rows[r].Faces[c]);
        }
        return image.ToSvg();
    }
}
