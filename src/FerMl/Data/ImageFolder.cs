using System.Globalization;

namespace FerMl;

/// <summary>
/// Searches a folder and its subfolders for images: each folder once, even if several links lead to it. Other files and unreadable folders
/// are reported.
/// </summary>
internal sealed class ImageFolder
{
    private readonly List<string> _images = [];
    private readonly List<string> _labelFiles = [];
    private readonly List<DataProblem> _problems = [];
    private readonly SortedDictionary<string, int> _leftOut = new(StringComparer.Ordinal);

    /// <param name="root">The folder.</param>
    /// <param name="depth">Maximum depth of subfolders.</param>
    /// <param name="isWanted">Selects files by path; by default all.</param>
    /// <param name="isImage">Whether a file is an image, by its path; by default by its extension.</param>
    public ImageFolder(
        string root, int depth = int.MaxValue, Func<string, bool>? isWanted = null, Func<string, bool>? isImage = null)
    {
        isImage ??= ImageDecoder.HasImageExtension;
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var folders = new Stack<(string Path, int Depth)>([(Path.GetFullPath(root), depth)]);
        var links = new Queue<(string Path, int Depth)>();
        // Links are followed last, so that files reachable without a link keep their own path.
        while (folders.TryPop(out var folder) || links.TryDequeue(out folder))
        {
            if (!visited.Add(RealPath(folder.Path)))
                continue;
            foreach (var entry in EntriesOf(folder.Path))
            {
                if (entry is FileInfo)
                    Add(entry.FullName, isWanted, isImage);
                else if (folder.Depth > 0 && entry.LinkTarget is null)
                    folders.Push((entry.FullName, folder.Depth - 1));
                else if (folder.Depth > 0)
                    links.Enqueue((entry.FullName, folder.Depth - 1));
            }
        }
        _images.Sort(StringComparer.Ordinal);
        _labelFiles.Sort(StringComparer.Ordinal);
    }

    /// <summary>Full paths of the images, ordered by name.</summary>
    public IReadOnlyList<string> Images => _images;

    /// <summary>Full paths of files with the name of a label file.</summary>
    public IReadOnlyList<string> LabelFiles => _labelFiles;

    /// <summary>The unreadable folders.</summary>
    public IReadOnlyList<DataProblem> Problems => _problems;

    /// <summary>A remark on the number and kinds of other files; null if there are none.</summary>
    public string? LeftOut => LeftOutOf(_leftOut);

    /// <summary>Number of other files by extension.</summary>
    public IReadOnlyDictionary<string, int> LeftOutByEnding => _leftOut;

    /// <summary>The remark on files of kinds that aren't read: their number by extension.</summary>
    public static string? LeftOutOf(IReadOnlyDictionary<string, int> byEnding) => byEnding.Count == 0 ? null
        : string.Create(CultureInfo.InvariantCulture,
            $"{byEnding.Values.Sum().Counted("file")} of unsupported formats left out: {string.Join(", ",
                byEnding.OrderByDescending(kind => kind.Value).Take(5).Select(kind => $"{kind.Value.Grouped()} {kind.Key}"))}.");

    /// <summary>The extension under which a file that is left out is counted.</summary>
    public static string EndingOf(string path) =>
        Path.GetExtension(path) is { Length: > 1 } ending ? ending.ToLowerInvariant() : "without extension";

    private FileSystemInfo[] EntriesOf(string folder)
    {
        try
        {
            // Hidden files and folders are skipped.
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { IgnoreInaccessible = false })];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new DataProblem(folder, 0, "", $"the folder can't be read: {e.Message}"));
            return [];
        }
    }

    private void Add(string path, Func<string, bool>? isWanted, Func<string, bool> isImage)
    {
        if (isWanted is not null && !isWanted(path))
            return;
        if (FerPlusFolder.IsLabelFile(path) || ImageList.IsListFile(path))
            _labelFiles.Add(path);
        if (isImage(path))
            _images.Add(path);
        else
            _leftOut[EndingOf(path)] = _leftOut.GetValueOrDefault(EndingOf(path)) + 1;
    }

    /// <summary>The path with all links resolved; the path itself if a link is broken.</summary>
    private static string RealPath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        try
        {
            return new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true) is { } target
                ? RealPath(target.FullName)
                : Path.Combine(RealPath(parent), Path.GetFileName(full));
        }
        catch (IOException)
        {
            return full;
        }
    }
}
