using System.Globalization;
using System.Text.RegularExpressions;

namespace FerMl.Tests;

/// <summary>Rules for the source that the compiler doesn't check.</summary>
public partial class SourceTests
{
    [Test]
    public void Lines_AreNoLongerThanEditorConfigSays()
    {
        var config = File.ReadAllText(Repository.File(".editorconfig"));
        var most = int.Parse(MaxLineLength().Match(config).Groups[1].Value, CultureInfo.InvariantCulture);
        var tooLong = new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(path => File.ReadLines(path).Select((line, i) => (Place: $"{path}:{i + 1}", line.Length)))
            .Where(line => line.Length > most);
        Assert.That(tooLong, Is.Empty);
    }

    /// <summary>Messages of libraries name types and properties; the command translates them to its options (OptionWords).</summary>
    [Test]
    public void Libraries_NameNoOptionsOfTheCommand()
    {
        var found = Directory.EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "FerMl.Cli"))
            .SelectMany(path => File.ReadLines(path).Select((line, i) => (Place: $"{path}:{i + 1}", Line: line)))
            .Where(line => !line.Line.TrimStart().StartsWith("//", StringComparison.Ordinal) && NamesAnOption().IsMatch(line.Line));
        Assert.That(found, Is.Empty);
    }

    [GeneratedRegex(@""".*( --[a-z]|'ferml )")]
    private static partial Regex NamesAnOption();

    [GeneratedRegex(@"max_line_length = (\d+)")]
    private static partial Regex MaxLineLength();
}
