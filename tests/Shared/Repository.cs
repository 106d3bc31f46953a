namespace FerMl.Tests;

/// <summary>Finds the repository's files, and the data sets that may be next to them.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string File(string path) => Path.Combine(Root, path);

    /// <summary>
    /// A file of real data, searched in the repository's data folder and in ../shared/data; skips the test if it is in neither.
    /// </summary>
    public static string Data(string name)
    {
        string[] places = [File(Path.Combine("data", name)), Path.GetFullPath(File(Path.Combine("..", "shared", "data", name)))];
        var found = places.FirstOrDefault(System.IO.File.Exists);
        if (found is null)
            Assert.Ignore($"needs {string.Join(" or ", places)}, which is not there");
        return found!;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "FerMl.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"FerMl.sln is not above {AppContext.BaseDirectory}.");
    }
}
