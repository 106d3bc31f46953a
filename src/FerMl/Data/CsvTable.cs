using Sylvan.Data.Csv;

namespace FerMl;

/// <summary>Common code of the CSV readers: library settings, and column lookup by name.</summary>
internal static class CsvTable
{
    /// <summary>Opens a table. The header determines whether columns are separated by commas or semicolons.</summary>
    public static CsvDataReader Open(TextReader text, int bufferLength, bool hasHeader = true) =>
        CsvDataReader.Create(text, new CsvDataReaderOptions
        {
            BufferSize = bufferLength,
            MaxBufferSize = bufferLength,
            Delimiter = hasHeader ? null : ',',
            HasHeaders = hasHeader,
        });

    /// <summary>Index of a named column; null if there is none.</summary>
    public static int? FindColumn(CsvDataReader csv, string name) =>
        Enumerable.Range(0, csv.FieldCount).Cast<int?>()
            .FirstOrDefault(i => csv.GetName(i!.Value).Trim().Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Indices of named columns, regardless of order, case and surrounding blanks.</summary>
    /// <exception cref="FerDataException">A column is missing.</exception>
    public static int[] FindColumns(CsvDataReader csv, string source, params ReadOnlySpan<string> names)
    {
        var header = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetName(i).Trim()).ToList();
        var columns = new int[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            columns[i] = header.FindIndex(column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (columns[i] < 0)
                throw new FerDataException(
                    $"{source}, line 1: no column '{name}' in the header ({Shorten(string.Join(", ", header))}); expected "
                        + $"{string.Join(", ", names.ToArray())}.");
        }
        return columns;
    }

    /// <summary>Shortens text from a file for a message, and replaces control characters.</summary>
    public static string Shorten(ReadOnlySpan<char> text)
    {
        var shown = new string(text.Length > 60 ? text[..60] : text);
        shown = string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return text.Length > 60 ? $"{shown}..." : shown;
    }
}
