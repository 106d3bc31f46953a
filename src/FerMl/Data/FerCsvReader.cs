using System.Text;
using Sylvan.Data.Csv;

namespace FerMl;

/// <summary>
/// Reads <c>fer2013.csv</c> (emotion, pixels, Usage), <c>icml_face_data.csv</c> (the same columns in another order, with leading blanks)
/// and similar tables: emotions as words or as numbers such as 3.0, semicolons as separators, or no Usage column (then all rows are
/// Training, as in Kaggle's train.csv).
/// </summary>
internal static class FerCsvReader
{
    /// <summary>Slightly less than the mean length of FER2013's rows (8,390 bytes), to estimate their number.</summary>
    public const int UsualRowBytes = 8_000;

    // A row of 2,304 three-digit pixels has 9.2 KB; a much longer one is invalid.
    private const int BufferLength = 1 << 16;

    public static void Read(Stream stream, Func<double> position, FerDatasetBuilder builder)
    {
        using var text = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferLength);
        long line = 1;
        try
        {
            // A header starts with a name, a row with a number.
            var hasHeader = !char.IsAsciiDigit((char)text.Peek());
            line = hasHeader ? 1 : 0;
            using var csv = CsvTable.Open(text, BufferLength, hasHeader);
            var (emotions, pixels, usages) = hasHeader ? Columns(csv, builder.Source) : (0, 1, csv.FieldCount > 2 ? 2 : -1);
            var isWide = hasHeader && pixels + FaceResampler.PixelCount <= csv.FieldCount && csv.FieldCount > FaceResampler.PixelCount;
            if (!hasHeader)
                builder.Remarks.Add("The table has no header; its columns are read as emotion, pixels and Usage.");
            for (var row = 0; csv.Read(); row++)
            {
                line++;
                if (csv.RowFieldCount <= 1 && csv.FieldCount > 1 && csv.GetFieldSpan(0).IsWhiteSpace())
                    continue;
                if (csv.RowFieldCount <= Math.Max(usages, Math.Max(emotions, pixels)))
                    Problem(line, "", $"{csv.RowFieldCount} fields; expected {csv.FieldCount}");
                else if (!builder.Labels.TryReadCell(csv.GetFieldSpan(emotions), out var label))
                    Problem(line, "emotion",
                        $"'{CsvTable.Shorten(csv.GetFieldSpan(emotions))}'; expected a code from 0 to 6 or the emotion's name",
                        LabelReader.Remedy);
                else if (label is not { } emotion)
                    builder.Labels.CountIgnored();
                else if (!UsageNames.TryParse(usages < 0 ? nameof(Usage.Training) : csv.GetFieldSpan(usages), out var usage))
                    Problem(line, "Usage",
                        $"'{CsvTable.Shorten(csv.GetFieldSpan(usages))}'; expected Training, PublicTest or PrivateTest, or "
                        + "train, val or test");
                else if (PixelText.Parse(isWide ? Wide(csv, pixels) : csv.GetFieldSpan(pixels), builder.NextPixels()) is { } wrong)
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
                $"{builder.Source}, line {line + 1}: a row of more than {BufferLength.Counted("character")}; expected about 9,000. Is this "
                    + $"fer2013.csv?", e);
        }
        catch (CsvFormatException e)
        {
            throw new FerDataException($"{builder.Source}, line {line + 1}: not CSV: {e.Message}", e);
        }

        void Problem(long at, string column, string message, string? remedy = null) =>
            builder.Problems.Add(new DataProblem(builder.Source, at, column, message), remedy);
    }

    /// <summary>
    /// Indices of the columns for label, pixels (the first one, if each pixel has a column) and usage, by their common names.
    /// </summary>
    private static (int Emotions, int Pixels, int Usages) Columns(CsvDataReader csv, string source)
    {
        var usages = CsvTable.FindColumn(csv, "usage") ?? CsvTable.FindColumn(csv, "split") ?? -1;
        var labels = CsvTable.FindColumn(csv, "emotion") ?? CsvTable.FindColumn(csv, "label");
        var pixels = CsvTable.FindColumn(csv, "pixels") ?? CsvTable.FindColumn(csv, "image");
        if (labels is { } label && pixels is null && CsvTable.FindColumn(csv, "pixel0") is { } first
            && CsvTable.FindColumn(csv, "pixel2303") == first + FaceResampler.PixelCount - 1)
            pixels = first;
        if (labels is { } found && pixels is { } where)
            return (found, where, usages);
        var columns = CsvTable.FindColumns(csv, source, "emotion", "pixels");
        return (columns[0], columns[1], usages);
    }

    /// <summary>The pixels of a row with one column per pixel.</summary>
    private static string Wide(CsvDataReader csv, int first)
    {
        var text = new StringBuilder(4 * FaceResampler.PixelCount);
        for (var i = 0; i < FaceResampler.PixelCount && first + i < csv.RowFieldCount; i++)
            text.Append(csv.GetFieldSpan(first + i)).Append(' ');
        return text.ToString();
    }
}
