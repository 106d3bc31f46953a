using System.Text;
using Sylvan.Data.Csv;

namespace FerMl;

/// <summary>
/// Reads <c>fer2013.csv</c> (emotion, pixels, Usage) and <c>icml_face_data.csv</c> (the same columns in another order, with leading
/// blanks), and tables like them: with words or numbers such as 3.0 for emotions, with semicolons, without Usage (then all of it is
/// Training, as Kaggle's train.csv is).
/// </summary>
internal static class FerCsvReader
{
    /// <summary>A little less than the mean length of FER2013's rows (8,390 bytes), for guessing their number.</summary>
    public const int UsualRowBytes = 8_000;

    // A row of 2,304 three-digit pixels has 9.2 KB; one that is many times longer is no row.
    private const int BufferLength = 1 << 16;

    public static void Read(Stream stream, Func<double> position, FerDatasetBuilder builder)
    {
        using var text = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferLength);
        long line = 1;
        try
        {
            using var csv = CsvTable.Open(text, BufferLength);
            var columns = CsvTable.FindColumns(csv, builder.Source, "emotion", "pixels");
            var (emotions, pixels, usages) = (columns[0], columns[1], CsvTable.FindColumn(csv, "usage") ?? -1);
            for (var row = 0; csv.Read(); row++)
            {
                line++;
                if (csv.RowFieldCount <= 1 && csv.FieldCount > 1 && csv.GetFieldSpan(0).IsWhiteSpace())
                    continue;
                if (csv.RowFieldCount <= Math.Max(usages, Math.Max(emotions, pixels)))
                    Problem(line, "", $"{csv.RowFieldCount} fields; expected {csv.FieldCount}");
                else if (!builder.Labels.TryReadCell(csv.GetFieldSpan(emotions), out var label))
                    Problem(line, "emotion",
                        $"'{CsvTable.Shorten(csv.GetFieldSpan(emotions))}'; expected a code from 0 to 6 or the emotion's name; or "
                            + LabelReader.Remedy);
                else if (label is not { } emotion)
                    builder.Labels.CountIgnored();
                else if (!TryParseUsage(usages < 0 ? nameof(Usage.Training) : csv.GetFieldSpan(usages), out var usage))
                    Problem(line, "Usage", $"'{CsvTable.Shorten(csv.GetFieldSpan(usages))}'; expected Training, PublicTest or PrivateTest");
                else if (PixelText.Parse(csv.GetFieldSpan(pixels), builder.NextPixels()) is { } wrong)
                    Problem(line, "pixels", wrong);
                else
                    builder.Add(emotion, usage, row, $"fer{row:D7}");
                if (row % 1024 == 0)
                    builder.Options.Progress?.Report(position());
            }
        }
        catch (CsvRecordTooLargeException e)
        {
            throw new FerDataException(
                $"{builder.Source}, line {line + 1}: a row of more than {BufferLength.Grouped()} characters; expected about 9,000. Is this "
                    + $"fer2013.csv?", e);
        }
        catch (CsvFormatException e)
        {
            throw new FerDataException($"{builder.Source}, line {line + 1}: not CSV: {e.Message}", e);
        }

        void Problem(long at, string column, string message) => builder.Problems.Add(new DataProblem(builder.Source, at, column, message));
    }

    public static bool TryParseUsage(ReadOnlySpan<char> text, out Usage usage)
    {
        text = text.Trim();
        foreach (var known in (ReadOnlySpan<Usage>)[Usage.Training, Usage.PublicTest, Usage.PrivateTest])
        {
            usage = known;
            if (text.Equals(known.ToString(), StringComparison.OrdinalIgnoreCase))
                return true;
        }
        usage = default;
        return false;
    }
}
