using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>The pages that <c>ferml report</c> writes, as a browser shows them.</summary>
[NonParallelizable]
public class ReportPageTests
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _pages = [];

    [OneTimeSetUp]
    public void WritePages()
    {
        Ferml("train", "--data", "synthetic", "--preset", "tiny", "--epochs", "2", "--limit", "300", "--out", "run");
        Ferml("experiment", "run", "--data", "synthetic", "--limit", "300", "--preset", "tiny", "--search", "LearningRate=0.001..0.01,log",
            "--search", "BatchSize=16..64", "--trials", "3", "--epochs", "1", "--study", "study.db", "--folder", "trials");
        Ferml("report", "run", "--data", "synthetic", "--out", "run.html");
        Ferml("report", "fer7-fast", "--out", "model.html");
        Ferml("report", "study.db", "--out", "study.html");
        foreach (var name in (string[])["run", "model", "study"])
            _pages[name] = File.ReadAllText(_folder.Path($"{name}.html"));
    }

    [OneTimeTearDown]
    public void DeletePages() => _folder.Dispose();

    [Test]
    public void Page_FitsAPhoneAndAScreen_CanBeRead_AndHasNoErrors(
        [Values("run", "model", "study")] string name, [Values(390, 1280)] int width, [Values] bool isDark)
    {
        var sight = Chromium.Look(_pages[name], _folder.Root, width, isDark);
        Assert.That(sight.Errors, Is.Empty);
        Assert.That(sight.Room, Is.EqualTo(width));
        Assert.That(sight.Width, Is.LessThanOrEqualTo(width), "no horizontal scrolling");
        Assert.That(sight.Contrast, Is.GreaterThanOrEqualTo(4.5), sight.Where);
        Assert.That(sight.Background, isDark ? Does.Match(@"rgb\((\d|[1-5]\d), ") : Does.Match(@"rgb\(2\d\d, "),
            "the background follows the color scheme");
    }

    [Test]
    public void Page_NeedsNothingElse([Values("run", "model", "study")] string name) =>
        Assert.That(_pages[name], Does.Not.Match(@"(?i)(src|href)=""https?:|url\(https?:|@import"));

    private void Ferml(params string[] arguments)
    {
        var (exitCode, _, error) = Command.Run(_folder.Root, Command.Ferml, arguments);
        Assert.That(exitCode, Is.Zero, error);
    }
}
