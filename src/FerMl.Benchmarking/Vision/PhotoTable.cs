using FerMl.Vision;
using System.Text;
using Sylvan.Data.Csv;

namespace FerMl.Benchmarking;

/// <summary>Reads a table about photographs in the same folder, with a row per face and the photograph's file name.</summary>
internal static class PhotoTable
{
    private const int BufferLength = 1 << 14, MaxRows = 1_000_000;

    /// <param name="folder">The folder with the photographs.</param>
    /// <param name="fileName">The table's file name.</param>
    /// <param name="about">The table's subject, for messages.</param>
    /// <param name="columns">The required columns.</param>
    /// <param name="read">Reads a row (with its line number, and its location for messages); null for a photograph without a face.</param>
    /// <param name="optional">Description of optional columns, for messages.</param>
    /// <returns>The rows of each photograph.</returns>
    /// <exception cref="VisionException">The table is missing or invalid.</exception>
    public static IReadOnlyDictionary<string, List<T>> Load<T>(
        string folder, string fileName, string about, string[] columns, Func<CsvRow, int, string, T?> read, string optional = "")
        where T : class
    {
        var path = Path.Combine(folder, fileName);
        if (!File.Exists(path))
            throw new VisionException($"{path}: no such file; give a folder of photographs with a table of {about} "
                + $"({string.Join(", ", columns)}).");
        var line = 1;
        try
        {
            using var text = new StreamReader(RegularFile.OpenRead(path), Encoding.UTF8);
            using var csv = CsvTable.Open(text, BufferLength);
            var row = new CsvRow(csv, path);
            if (!columns.All(row.Has))
                throw row.WrongColumns(string.Join(", ", columns) + optional);
            var photos = new SortedDictionary<string, List<T>>(StringComparer.Ordinal);
            while (csv.Read())
            {
                if (++line > MaxRows)
                    throw new VisionException($"{path}: more than {MaxRows.Grouped()} rows.");
                var file = row.Text("file", line);
                if (!photos.TryGetValue(file, out var rows))
                    photos.Add(file, rows = []);
                if (read(row, line, $"{path}, line {line}") is { } found)
                    rows.Add(found);
            }
            return photos.Count > 0 ? photos : throw new VisionException($"{path}: a table without rows.");
        }
        catch (Exception e) when (e is CsvRecordTooLargeException or CsvFormatException or FerDataException)
        {
            throw new VisionException($"{path}, line {line + 1}: not a table of {about}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VisionException($"{path}: the table can't be read: {e.Message}", e);
        }
    }

    /// <summary>The face of a row's box: sure, frontal and without roll.</summary>
    public static PhotoFace Face(CsvRow row, int line) => new(
        row.Number("x", line, -1e6), row.Number("y", line, -1e6), row.Number("width", line, 1), row.Number("height", line, 1),
        IsSure: true, Roll: 0, Yaw: 0);
}
