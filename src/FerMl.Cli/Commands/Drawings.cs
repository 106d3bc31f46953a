namespace FerMl.Cli.Commands;

/// <summary>
/// The output paths of annotated images: a file for a single image, or a folder that mirrors the layout of the input images.
/// </summary>
internal sealed class Drawings
{
    private readonly string _place;
    private readonly string? _root;

    /// <param name="place">A .png file or a folder.</param>
    /// <param name="files">The images.</param>
    /// <param name="overwrite">Whether existing images may be replaced.</param>
    /// <exception cref="ArgumentException">There are several images, but the output is a single file.</exception>
    /// <exception cref="IOException">An output exists and may not be replaced.</exception>
    public Drawings(string place, IReadOnlyList<string> files, bool overwrite)
    {
        var isFile = Path.GetExtension(place).Equals(".png", StringComparison.OrdinalIgnoreCase);
        if (isFile && files.Count > 1)
            throw new ArgumentException($"--draw is {place}, one drawing for {files.Count.Counted("image")}; name a folder.");
        _place = place;
        _root = isFile ? null : files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Aggregate((string?)null, Common);
        // Check all outputs before any work starts.
        foreach (var file in files)
            AtomicFile.CheckFree(PathOf(file), overwrite);
    }

    /// <summary>The output path for an input image.</summary>
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
