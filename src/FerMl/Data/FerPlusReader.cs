using System.Text;
using Sylvan.Data.Csv;

namespace FerMl;

/// <summary>
/// Reads <c>fer2013new.csv</c>, the FER+ votes. Row i belongs to row i of <c>fer2013.csv</c>. The column <c>Image name</c> is empty where
/// ten annotators saw no face, and its numbers skip these rows; FER+'s own scripts name image files by it.
/// </summary>
internal static class FerPlusReader
{
    private const int BufferLength = 1 << 14;
    private const int MaxRows = 1_000_000;

    public static IReadOnlyList<VotesRow> Read(string path)
    {
        try
        {
            return Read(RegularFile.OpenRead(path), Path.GetFileName(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FerDataException($"{path}: the FER+ votes can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads an open file and closes it.</summary>
    public static IReadOnlyList<VotesRow> Read(Stream file, string source)
    {
        var problems = new DataProblems();
        var rows = new List<VotesRow>();
        long line = 1;
        try
        {
            using var text = new StreamReader(file, Encoding.UTF8);
            using var csv = CsvTable.Open(text, BufferLength);
            var columns = CsvTable.FindColumns(csv, source,
                "Usage", "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF");
            var name = CsvTable.FindColumn(csv, "Image name") ?? -1;
            var votes = new byte[10];
            while (csv.Read())
            {
                if (line++ > MaxRows)
                    throw new FerDataException($"{source}: more than {MaxRows.Grouped()} rows.");
                if (csv.RowFieldCount <= Math.Max(name, columns.Max()))
                    problems.Add(new DataProblem(source, line, "", $"{csv.RowFieldCount} fields; expected {csv.FieldCount}"));
                else if (!UsageNames.TryParse(csv.GetFieldSpan(columns[0]), out var usage))
                    problems.Add(new DataProblem(
                        source, line, "Usage",
                        $"'{CsvTable.Shorten(csv.GetFieldSpan(columns[0]))}'; expected Training, PublicTest or PrivateTest"));
                else if (Array.FindIndex(columns, 1, column => !byte.TryParse(csv.GetFieldSpan(column), out _)) is var wrong and > 0)
                    problems.Add(new DataProblem(
                        source, line, csv.GetName(columns[wrong]),
                        $"'{CsvTable.Shorten(csv.GetFieldSpan(columns[wrong]))}'; expected a number of votes from 0 to 255"));
                else
                {
                    for (var i = 0; i < votes.Length; i++)
                        votes[i] = byte.Parse(csv.GetFieldSpan(columns[i + 1]));
                    rows.Add(new VotesRow(name < 0 ? "" : csv.GetString(name).Trim(), usage, VotesOf(votes)));
                }
            }
        }
        catch (Exception e) when (e is CsvRecordTooLargeException or CsvFormatException)
        {
            throw new FerDataException($"{source}, line {line + 1}: not a table of FER+ votes: {e.Message}", e);
        }
        return problems.Total == 0 ? rows : throw new FerDataException(source, problems);
    }

    /// <summary>The rows by image name.</summary>
    public static Dictionary<string, VotesRow> ByImage(IEnumerable<VotesRow> rows)
    {
        var byImage = new Dictionary<string, VotesRow>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows.Where(row => row.ImageName.Length > 0))
            byImage[row.ImageName] = row;
        return byImage;
    }

    /// <summary>Converts ten counts in the order of FER+'s columns.</summary>
    public static EmotionVotes VotesOf(ReadOnlySpan<byte> votes) =>
        new(votes[0], votes[1], votes[2], votes[3], votes[4], votes[5], votes[6], votes[7], votes[8], votes[9]);
}

/// <summary>A row of FER+ votes.</summary>
/// <param name="ImageName">The row's image file, such as <c>fer0000012.png</c>, or empty.</param>
/// <param name="Usage">The part of the data set.</param>
/// <param name="Votes">The votes.</param>
internal readonly record struct VotesRow(string ImageName, Usage Usage, EmotionVotes Votes);
