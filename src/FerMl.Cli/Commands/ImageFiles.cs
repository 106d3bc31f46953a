using Microsoft.Extensions.FileSystemGlobbing;

namespace FerMl.Cli.Commands;

/// <summary>Turns files, folders and patterns into image files.</summary>
internal static class ImageFiles
{
    /// <param name="paths">Files, folders (searched to the bottom) and patterns with * and **.</param>
    /// <param name="complain">Hears of each path under which there is nothing.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, Action<string> complain)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (File.Exists(path))
            {
                files.Add(path);
                continue;
            }
            var found = (Directory.Exists(path) ? InFolder(path) : path.AsSpan().ContainsAny('*', '?') ? Matching(path) : []).Order(
                StringComparer.Ordinal).ToArray();
            if (found.Length > 0)
                files.AddRange(found);
            else if (Directory.Exists(path))
                complain($"{path}: no image ({string.Join(", ", FaceImageDecoder.Extensions)}) in this folder or below.");
            else
                complain($"{path}: no such file or folder, and no image matches it.");
        }
        // Named twice, it is one image all the same.
        return [.. files.DistinctBy(Path.GetFullPath)];
    }

    private static IEnumerable<string> InFolder(string path) =>
        Directory.EnumerateFiles(path, "*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
        }).Where(FaceImageDecoder.HasImageExtension);

    private static IEnumerable<string> Matching(string pattern)
    {
        // The part before the first wildcard is where the search starts.
        var normal = pattern.Replace('\\', '/');
        var root = normal[..(normal[..normal.AsSpan().IndexOfAny('*', '?')].LastIndexOf('/') + 1)];
        var matcher = new Matcher().AddInclude(normal[root.Length..]);
        var folder = root.Length == 0 ? "." : root;
        return Directory.Exists(folder)
            ? matcher.GetResultsInFullPath(folder).Where(FaceImageDecoder.HasImageExtension)
            .Select(file => Path.Combine(root, Path.GetRelativePath(folder, file)))
            : [];
    }
}
