using System.Text;
using Sylvan.Data.Csv;

namespace FerMl;

/// <summary>
/// Reads images with labels in a list: RAF-DB's <c>list_patition_label.txt</c> (one name and number from 1 to 7 per line; the images are
/// <c>train_00001_aligned.jpg</c>), or a table <c>legend.csv</c> with the columns <c>image</c> and <c>emotion</c>.
/// </summary>
internal sealed class ImageList
{
    private const string Legend = "legend.csv", Aligned = "_aligned";
    private const int MaxRows = 1_000_000, BufferLength = 1 << 14;

    // RAF-DB's own spelling, and the corrected one.
    private static readonly string[] RafDb = ["list_patition_label.txt", "list_partition_label.txt"];

    private readonly Dictionary<string, string> _labels = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<DataProblem> _problems = [];
    private readonly string _source;
    private readonly bool _isRafDb;

    private ImageList(ImageEntry list)
    {
        (_source, _isRafDb) = (list.Name, IsRafDb(list.Path));
        Ending = ImageFolder.EndingOf(list.Path);
    }

    /// <summary>The file extension of the list.</summary>
    public string Ending { get; }

    /// <summary>Whether a file has the name of a list.</summary>
    public static bool IsListFile(string path) => IsRafDb(path) || NameOf(path) == Legend;

    /// <summary>Finds the list with the labels of the images of a folder or archive; null if there is none.</summary>
    /// <param name="tables">The files in the folder or archive with the name of a label file.</param>
    /// <param name="images">Its images.</param>
    /// <param name="options">The load options.</param>
    /// <exception cref="FerDataException">There are several lists, or the list can't be read.</exception>
    public static ImageList? Find(IReadOnlyList<ImageEntry> tables, IReadOnlyList<ImageEntry> images, FerLoadOptions options)
    {
        ImageEntry[] lists = [.. tables.Where(table => IsListFile(table.Path))];
        if (lists.Length == 0 || images.Count == 0)
            return null;
        if (lists.Length > 1)
            throw new FerDataException(
                $"{lists[0].Name} and {lists[1].Name} both label images; give the folder of one of them.");
        var list = new ImageList(lists[0]);
        // A list of something else is ignored, together with its problems.
        return list.ReadLabels(lists[0], options)
            && (images.Any(image => list._labels.ContainsKey(KeyOf(image.Path))) || (list._isRafDb && list._problems.Count > 0))
            ? list : null;
    }

    /// <summary>Reads the images.</summary>
    public void Read(IReadOnlyList<ImageEntry> images, FerDatasetBuilder builder)
    {
        // RAF-DB contains each face twice: in the original photo, and cropped and aligned.
        ImageEntry[] aligned = [.. images.Where(image => IsAligned(image.Path))];
        if (aligned.Length > 0 && aligned.Length < images.Count)
        {
            builder.Remarks.Add($"{(images.Count - aligned.Length).Counted("image")} left out, which are not aligned faces.");
            images = aligned;
        }
        builder.Remarks.Add($"Labels are those of {_source}{(_isRafDb && builder.Labels.TakesRafDb
            ? $": {LabelReader.RafDbLegend}" : "")}.");
        foreach (var problem in _problems)
            builder.Problems.Add(problem);
        builder.Expect(images.Count);
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < images.Count; i++)
        {
            Read(images[i], found, builder);
            if (i % 256 == 0)
                builder.Options.Progress?.Report((double)i / images.Count);
        }
        if (_labels.Count > found.Count)
            builder.Remarks.Add($"Rows of {_source} without an image: {(_labels.Count - found.Count).Grouped()}.");
    }

    private void Read(ImageEntry image, HashSet<string> found, FerDatasetBuilder builder)
    {
        var (name, key) = (image.Name.Replace('\\', '/'), KeyOf(image.Path));
        if (!_labels.TryGetValue(key, out var label))
            builder.Problems.Add(new DataProblem(name, 0, "", $"isn't named in {_source}, which labels these images"));
        else if (!found.Add(key))
            builder.Problems.Add(new DataProblem(name, 0, "", $"has the same name as another image, so {_source} labels both"));
        else if (!(_isRafDb ? builder.Labels.TryReadRafDb(label, out var emotion) : builder.Labels.TryReadName(label, out emotion)))
            builder.Problems.Add(new DataProblem(
                name, 0, "", $"is labeled '{CsvTable.Shorten(label)}' by {_source}; expected an emotion: "
                    + $"{EmotionNames.List}"), LabelReader.Remedy);
        else if (emotion is { } known)
            builder.AddImage(image, name, known, UsageOf(image.Path));
        else
            builder.Labels.CountIgnored();
    }

    /// <returns>Whether the file is a list of images and labels.</returns>
    private bool ReadLabels(ImageEntry list, FerLoadOptions options)
    {
        long line = 0;
        try
        {
            using var file = new LimitedStream(
                list.Open(), options.MaxBytes, () => new FerDataException($"{_source}: unpacks to more than FerLoadOptions.MaxBytes."));
            using var text = new StreamReader(file, Encoding.UTF8);
            if ((_isRafDb ? Lines(text) : Rows(text)) is not { } rows)
                return false;
            foreach (var (image, label) in rows)
            {
                if (++line > MaxRows)
                    throw new FerDataException($"{_source}: more than {MaxRows.Grouped()} rows.");
                if (image.Length == 0 || label.Length == 0)
                    _problems.Add(new DataProblem(_source, line, "", "expected the name of an image and its label"));
                else if (!_labels.TryAdd(KeyOf(image), label))
                    _problems.Add(new DataProblem(_source, line, "", $"{CsvTable.Shorten(image)} has a label already"));
            }
        }
        catch (Exception e) when (e is CsvRecordTooLargeException or CsvFormatException)
        {
            throw new FerDataException($"{_source}, line {line + 1}: not a list of images and labels: {e.Message}", e);
        }
        return true;
    }

    private static IEnumerable<(string Image, string Label)> Lines(StreamReader text)
    {
        while (text.ReadLine() is { } line)
            if (!string.IsNullOrWhiteSpace(line))
                yield return line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var image, var label]
                    ? (image, label) : ("", "");
    }

    /// <summary>The rows of a table; null if it lacks the columns of a list.</summary>
    private static IEnumerable<(string Image, string Label)>? Rows(StreamReader text)
    {
        var csv = CsvTable.Open(text, BufferLength);
        return CsvTable.FindColumn(csv, "image") is { } image && CsvTable.FindColumn(csv, "emotion") is { } label ? Read() : null;

        IEnumerable<(string, string)> Read()
        {
            while (csv.Read())
                yield return csv.RowFieldCount > Math.Max(image, label) ? (csv.GetString(image).Trim(), csv.GetString(label).Trim())
                    : ("", "");
        }
    }

    /// <summary>The usage, from a RAF-DB image name such as <c>train_00001</c>, otherwise from the folders, as for other images.</summary>
    private Usage UsageOf(string path) =>
        _isRafDb && UsageNames.TryParse(NameOf(path).Split('_')[0], out var usage) ? usage
            : ImageFolderReader.UsageOf(path.Replace('\\', '/').Split('/'));

    private static bool IsRafDb(string path) => RafDb.Contains(NameOf(path));

    private static bool IsAligned(string path) => Path.GetFileNameWithoutExtension(path).EndsWith(Aligned,
        StringComparison.OrdinalIgnoreCase);

    /// <summary>The name that identifies an image in both the list and the folder.</summary>
    private static string KeyOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
        return IsAligned(path) ? name[..^Aligned.Length] : name;
    }

    private static string NameOf(string path) => path.Replace('\\', '/').Split('/')[^1].ToLowerInvariant();
}
