using System.Text;
using Sylvan.Data.Csv;

namespace FerMl;

/// <summary>
/// Reads images with FER+ labels: FER+'s own folders <c>FER2013Train</c>, <c>FER2013Valid</c> and <c>FER2013Test</c>, each with a
/// <c>label.csv</c> (image, box, ten vote counts; no header), or images next to a <c>fer2013new.csv</c> that names them in its column
/// <c>Image name</c>.
/// </summary>
internal sealed class FerPlusFolder
{
    private const string LabelFile = "label.csv";
    private const string VotesFile = "fer2013new.csv";
    private const int BufferLength = 1 << 14;
    private const int MaxRows = 1_000_000;
    private const int FieldsBeforeVotes = 2, Counts = 10;

    private readonly Dictionary<string, VotesRow> _rows;
    private readonly string _source;
    private readonly bool _isByName;

    private FerPlusFolder(string source, Dictionary<string, VotesRow> rows, bool isByName) =>
        (_source, _rows, _isByName) = (source, rows, isByName);

    /// <summary>Number of files in the folder or archive that were read for labels.</summary>
    public int LabelFiles { get; private init; }

    /// <summary>Whether a file has the name of a label file.</summary>
    public static bool IsLabelFile(string path) => NameOf(path) is LabelFile or VotesFile;

    /// <summary>Finds the votes for the images of a folder or archive; null if there are none, or none are requested.</summary>
    /// <param name="tables">The files in the folder or archive with the name of a label file.</param>
    /// <param name="images">Its images.</param>
    /// <param name="options">The load options.</param>
    /// <exception cref="FerDataException">A table is invalid, or the images only have votes, which aren't requested.</exception>
    public static FerPlusFolder? Find(IReadOnlyList<ImageEntry> tables, IReadOnlyList<ImageEntry> images, FerLoadOptions options)
    {
        var folders = images.Select(image => FolderOf(image.Path)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        ImageEntry[] own = [.. tables.Where(table =>
            NameOf(table.Path) == LabelFile && folders.Contains(FolderOf(table.Path)) && HasVotes(table, options))];
        if (own.Length > 0)
        {
            if (options.Annotation != Annotation.FerPlus)
                throw new FerDataException(
                    $"{own[0].Name} labels images by FER+ votes, and they have no other labels; load it with "
                        + $"FerLoadOptions.Annotation = FerPlus.");
            if (options.VotesPath is { } other)
                throw new FerDataException($"{own[0].Name} has the votes of the images next to it; leave out {other}.");
            var folder = new FerPlusFolder(LabelFile, new(StringComparer.OrdinalIgnoreCase), isByName: false) { LabelFiles = own.Length };
            foreach (var table in own)
                folder.AddLabels(table, options);
            return folder;
        }
        if (options.Annotation != Annotation.FerPlus)
            return null;
        if (options.VotesPath is { } path)
            return new FerPlusFolder(Path.GetFileName(path), FerPlusReader.ByImage(FerPlusReader.Read(path)), isByName: true);
        if (tables.FirstOrDefault(table => NameOf(table.Path) == VotesFile) is not { } votes)
            return null;
        using var file = votes.Open();
        var rows = FerPlusReader.Read(Limited(file, votes, options), VotesFile);
        return new FerPlusFolder(VotesFile, FerPlusReader.ByImage(rows), isByName: true) { LabelFiles = 1 };
    }

    /// <summary>Reads the images. Images in folders named by emotion get that as their own label; usages come from the votes.</summary>
    public void Read(IReadOnlyList<ImageEntry> entries, FerDatasetBuilder builder)
    {
        builder.Expect(entries.Count);
        var ownLabel = builder.Labels.ForFolders(entries.Select(entry => NameOf(FolderOf(entry.Path).TrimEnd('/'))).Distinct());
        var found = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var name = entries[i].Name.Replace('\\', '/');
            var (isKnown, own) = _isByName ? ownLabel(NameOf(FolderOf(entries[i].Path).TrimEnd('/'))) : default;
            if (!_rows.TryGetValue(_isByName ? NameOf(entries[i].Path) : Slashes(entries[i].Path), out var row))
                builder.Problems.Add(new DataProblem(name, 0, "", $"isn't named in {_source}, which labels these images"));
            else if (isKnown && own is null)
                builder.Labels.CountIgnored();
            else
            {
                builder.HasOwnLabels &= isKnown;
                builder.AddImage(entries[i], name, own ?? row.Votes.Majority ?? default, row.Usage, row.Votes);
            }
            found += row.ImageName is null ? 0 : 1;
            if (i % 256 == 0)
                builder.Options.Progress?.Report((double)i / entries.Count);
        }
        if (_rows.Count > found)
            builder.Remarks.Add($"Rows of {_source} without an image: {(_rows.Count - found).Grouped()}.");
    }

    private static string Slashes(string path) => path.Replace('\\', '/');

    private static string NameOf(string path) => Slashes(path).Split('/')[^1].ToLowerInvariant();

    private static string FolderOf(string path) => Slashes(path)[..(Slashes(path).LastIndexOf('/') + 1)];

    private static LimitedStream Limited(Stream file, ImageEntry table, FerLoadOptions options) => new(
        file, options.MaxBytes, () => new FerDataException($"{table.Name}: unpacks to more than FerLoadOptions.MaxBytes."));

    /// <summary>Whether a table's first row looks like FER+'s, since other files have that name too.</summary>
    private static bool HasVotes(ImageEntry table, FerLoadOptions options)
    {
        try
        {
            using var file = table.Open();
            using var text = new StreamReader(Limited(file, table, options), Encoding.UTF8);
            using var csv = CsvTable.Open(text, BufferLength, hasHeader: false);
            return csv.Read() && csv.RowFieldCount == FieldsBeforeVotes + Counts && csv.GetFieldSpan(1).Trim().StartsWith('(');
        }
        catch (Exception e) when (e is CsvRecordTooLargeException or CsvFormatException)
        {
            return false;
        }
    }

    private void AddLabels(ImageEntry table, FerLoadOptions options)
    {
        var (folder, source) = (FolderOf(table.Path), table.Name);
        var usage = ImageFolderReader.UsageOf(["", .. folder.Split('/')[..^1], "", LabelFile]);
        var problems = new DataProblems();
        long line = 0;
        try
        {
            using var file = table.Open();
            using var text = new StreamReader(Limited(file, table, options), Encoding.UTF8);
            using var csv = CsvTable.Open(text, BufferLength, hasHeader: false);
            while (csv.Read())
            {
                if (++line > MaxRows)
                    throw new FerDataException($"{source}: more than {MaxRows.Grouped()} rows.");
                if (Row(csv, usage, out var row) is { } wrong)
                    problems.Add(new DataProblem(source, line, wrong.Column, wrong.Text));
                else if (!_rows.TryAdd(folder + row.ImageName, row))
                    problems.Add(new DataProblem(source, line, "", $"{CsvTable.Shorten(row.ImageName)} has a row already"));
            }
        }
        catch (Exception e) when (e is CsvRecordTooLargeException or CsvFormatException)
        {
            throw new FerDataException($"{source}, line {line + 1}: not FER+'s {LabelFile}: {e.Message}", e);
        }
        if (problems.Total > 0)
            throw new FerDataException(source, problems);
    }

    /// <summary>Parses a row of a label.csv.</summary>
    /// <returns>The problem, or null.</returns>
    private static (string Column, string Text)? Row(CsvDataReader csv, Usage usage, out VotesRow row)
    {
        row = default;
        if (csv.RowFieldCount < FieldsBeforeVotes + Counts)
            return ("", $"{csv.RowFieldCount} fields; expected an image, its box and ten counts");
        var votes = new byte[Counts];
        for (var i = 0; i < Counts; i++)
            if (!byte.TryParse(csv.GetFieldSpan(FieldsBeforeVotes + i).Trim(), out votes[i]))
                return ($"{FieldsBeforeVotes + i + 1}",
                    $"'{CsvTable.Shorten(csv.GetFieldSpan(FieldsBeforeVotes + i))}'; expected a number of votes from 0 to 255");
        row = new VotesRow(csv.GetString(0).Trim(), usage, FerPlusReader.VotesOf(votes));
        return null;
    }
}
