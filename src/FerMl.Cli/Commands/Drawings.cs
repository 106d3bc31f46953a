namespace FerMl.Cli.Commands;

/// <summary>
/// Where the images with drawn faces go: one image's to a file, those of several into a folder, laid out as the images are.
/// </summary>
internal sealed class Drawings
{
    private readonly string _place;
    private readonly string? _root;

    /// <param name="place">A .png file or a folder.</param>
    /// <param name="files">The images.</param>
    /// <param name="overwrite">Whether an image that is there may be replaced.</param>
    /// <exception cref="ArgumentException">Several images, and a file to draw in.</exception>
    /// <exception cref="IOException">An image is there already and may not be replaced.</exception>
    public Drawings(string place, IReadOnlyList<string> files, bool overwrite)
    {
        var isFile = Path.GetExtension(place).Equals(".png", StringComparison.OrdinalIgnoreCase);
        if (isFile && files.Count > 1)
            throw new ArgumentException($"--draw is {place}, one drawing for {files.Count.Counted("image")}; name a folder.");
        _place = place;
        _root = isFile ? null : files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Aggregate((string?)null, Common);
        // Before anything is worked out.
        foreach (var file in files)
            AtomicFile.CheckFree(PathOf(file), overwrite);
    }

    /// <summary>The image of an image.</summary>
    public string PathOf(string file) =>
        _root is null ? _place : Path.Combine(_place, Path.GetRelativePath(_root, Path.GetFullPath(file)) + ".png");

    private static string Common(string? one, string other)
    {
        if (one is null)
            return other;
        while (!(other + Path.DirectorySeparatorChar).StartsWith(
            one.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            one = Path.GetDirectoryName(one)!;
        return one;
    }
}
