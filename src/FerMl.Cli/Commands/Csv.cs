using System.Data;
using System.Globalization;
using Sylvan.Data.Csv;

namespace FerMl.Cli.Commands;

/// <summary>CSV tables. Cells that spreadsheets would evaluate as formulas are escaped.</summary>
internal static class Csv
{
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">The rows, with as many cells as the header.</param>
    public static string Of(IEnumerable<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        foreach (var name in header)
            table.Columns.Add(PlainText.Cell(name));
        foreach (var row in rows)
            table.Rows.Add([.. row.Select(PlainText.Cell)]);
        using var reader = table.CreateDataReader();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvDataWriter.Create(text, new CsvDataWriterOptions { NewLine = "\n" }))
            csv.Write(reader);
        return text.ToString();
    }
}
