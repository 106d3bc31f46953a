namespace FerMl.Cli.Commands;

/// <summary>Writes rows of CSV.</summary>
internal static class Csv
{
    public static string Row(IEnumerable<string> fields) => string.Join(',', fields.Select(Quoted));

    // RFC 4180, 2: fields with commas, quotes or line breaks stand in quotes, and a quote in them is doubled.
    private static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
