using System.Globalization;
using Sylvan.Data.Csv;

namespace FerMl.Vision;

/// <summary>The current row of a CSV reader, accessed by column name.</summary>
internal sealed class CsvRow
{
    private readonly CsvDataReader _csv;
    private readonly string _path;
    private readonly string[] _header;

    public CsvRow(CsvDataReader csv, string path)
    {
        (_csv, _path) = (csv, path);
        _header = [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetName(i).Trim().ToLowerInvariant())];
    }

    public bool Has(string column) => Array.IndexOf(_header, column) >= 0;

    /// <summary>The exception to throw where columns are missing.</summary>
    public VisionException WrongColumns(string expected) =>
        new($"{_path}, line 1: the columns are {CsvTable.Shorten(string.Join(", ", _header))}; expected {expected}.");

    /// <exception cref="VisionException">The row ends before the column.</exception>
    public string Text(string column, int line)
    {
        var place = Array.IndexOf(_header, column);
        return place < _csv.RowFieldCount ? _csv.GetString(place).Trim()
            : throw new VisionException($"{_path}, line {line}: {_csv.RowFieldCount} fields; expected {_header.Length}.");
    }

    /// <exception cref="VisionException">The field isn't a number, or is outside its range.</exception>
    public double Number(string column, int line, double lowest = 0)
    {
        var text = Text(column, line);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= lowest && number < 1e9
            ? number
            : throw new VisionException(string.Create(CultureInfo.InvariantCulture,
                $"{_path}, line {line}, column {column}: '{CsvTable.Shorten(text)}'; expected a number from {lowest}."));
    }
}
