using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>
/// Compares text with a file in Snapshots. To update the files, set FERML_UPDATE_SNAPSHOTS=1, run the tests, and review the difference.
/// </summary>
internal static class Snapshot
{
    public static void Match(string name, string actual)
    {
        var path = Repository.File(Path.Combine("tests", "FerMl.Cli.Tests", "Snapshots", $"{name}.txt"));
        // Help names the test runner instead of the program.
        actual = actual.Replace("\r\n", "\n").Replace("testhost", "ferml").Replace("FerMl.Cli ", "ferml ");
        if (Environment.GetEnvironmentVariable("FERML_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(path, actual);
        Assert.That(File.Exists(path), $"there is no {path}; set FERML_UPDATE_SNAPSHOTS=1 to take it");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path).Replace("\r\n", "\n")));
    }
}
