using System.Text;
using System.Text.Unicode;
using DotNet.Globbing;

namespace FerMl.Cli.Commands;

/// <summary>Expands files, folders and patterns to image files.</summary>
internal static class ImageFiles
{
    private const string StandardInput = "-";

    private static readonly char[] Wildcards = ['*', '?', '['];

    /// <param name="paths">Files, folders (searched recursively) and patterns with *, **, ? and [ab]; - reads paths from standard
    /// input.</param>
    /// <param name="complain">Receives an error for each path without images and for folders that can't be read.</param>
    /// <param name="remark">Receives remarks about files that were left out.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, Action<string> complain, Action<string> remark)
    {
        var files = new List<string>();
        foreach (var path in paths.SelectMany(path => path == StandardInput ? NamesOnInput() : [path]))
        {
            if (File.Exists(path))
            {
                files.Add(path);
                continue;
            }
            var isFolder = Directory.Exists(path);
            var (root, found) = isFolder ? (path, new ImageFolder(path)) : Matching(path);
            foreach (var problem in found?.Problems ?? [])
                complain(problem.ToString());
            if (isFolder && found?.LeftOut is { } leftOut)
                remark($"{path}: {leftOut}");
            if (found is { Images.Count: > 0 })
                files.AddRange(found.Images.Select(file => Path.Combine(root, Path.GetRelativePath(root.Length == 0 ? "." : root, file))));
            else if (isFolder)
                complain($"{path}: no image ({string.Join(", ", ImageDecoder.Extensions)}) in this folder or below.");
            else
                complain($"{path}: no such file or folder, and no image matches it.");
        }
        // An image named twice is listed once.
        return [.. files.DistinctBy(Path.GetFullPath)];
    }

    private static IEnumerable<string> NamesOnInput()
    {
        using var input = Console.OpenStandardInput();
        foreach (var name in Names(input, Console.InputEncoding))
            yield return name;
    }

    /// <summary>Reads names, one per line: in UTF-8 or, if a line isn't valid UTF-8, in the console's encoding, as Windows' own commands
    /// write them.</summary>
    internal static IEnumerable<string> Names(Stream input, Encoding console)
    {
        // Read bytes as characters, because line ends are the same in all console encodings.
        using var lines = new StreamReader(input, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        for (var isFirst = true; lines.ReadLine() is { } line; isFirst = false)
        {
            var bytes = Encoding.Latin1.GetBytes(line).AsSpan();
            if (isFirst && bytes.StartsWith(Encoding.UTF8.Preamble))
                bytes = bytes[Encoding.UTF8.Preamble.Length..];
            var name = (Utf8.IsValid(bytes) ? Encoding.UTF8 : console).GetString(bytes);
            if (name.Length > 0)
                yield return name;
        }
    }

    /// <summary>The images that match a pattern. The search starts at the part before the first wildcard.</summary>
    private static (string Root, ImageFolder? Found) Matching(string path)
    {
        var pattern = path.Replace('\\', '/');
        if (pattern.IndexOfAny(Wildcards) is var first && first < 0)
            return ("", null);
        var root = pattern[..(pattern[..first].LastIndexOf('/') + 1)];
        var folder = root.Length == 0 ? "." : root;
        if (!Directory.Exists(folder))
            return (root, null);
        var glob = Glob.Parse(pattern[root.Length..]);
        var depth = pattern.Contains("**", StringComparison.Ordinal) ? int.MaxValue : pattern[root.Length..].Count(c => c == '/');
        return (root, new ImageFolder(folder, depth, file => glob.IsMatch(Path.GetRelativePath(folder, file).Replace('\\', '/'))));
    }
}
