namespace FerMl.Tests;

/// <summary>The browser in which tests open pages.</summary>
internal static class ChromiumProgram
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Returns the program's path; skips the test if there is none.</summary>
    public static string Find()
    {
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        var program = Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Ignore($"needs Chromium on the path ({string.Join(", ", Names)}).");
        return program!;
    }
}
