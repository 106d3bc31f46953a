using System.Text.RegularExpressions;
using FerMl.Tests;
using Microsoft.CodeAnalysis.CSharp.Scripting;

namespace FerMl.EndToEnd.Tests;

/// <summary>
/// The README and the pages in docs: every code block runs, each section in its own folder with a small FER2013, a face image, and the
/// models that other sections make. Every file that a page links to exists.
/// </summary>
[NonParallelizable]
public partial class DocumentTests
{
    private static readonly string[] Pages = [
        "README.md", .. Directory.EnumerateFiles(Repository.File("docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}")
        .Order(StringComparer.Ordinal)];

    /// <summary>All pages, including those for maintainers.</summary>
    private static readonly string[] AllPages = [
        .. Pages, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "data/README.md", "eng/remote/README.md", "artifacts/reports/README.md",
        .. Directory.EnumerateFiles(Repository.File("docs/development"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>The sections that contain code blocks, with their blocks.</summary>
    private static IEnumerable<TestCaseData> Sections =>
        from page in Pages
        from section in Headings().Split(File.ReadAllText(Repository.File(page)))
        let blocks = Fences().Matches(section).Select(match => (match.Groups["language"].Value, match.Groups["text"].Value)).ToArray()
        // Complete web programs, which PackageTests run, are left out.
        where blocks.Length > 0 && !section.Contains("WebApplication.", StringComparison.Ordinal)
        select new TestCaseData(section, blocks).SetArgDisplayNames(page, section.Split('\n')[0].TrimStart('#', ' '));

    [Test]
    public void Blocks_OfCode_AreFound()
    {
        string[] languages = [
            .. Sections.SelectMany(section => ((string Language, string)[])section.Arguments[1]!).Select(block => block.Language)];
        Assert.That(languages.Count(language => language == "bash"), Is.GreaterThanOrEqualTo(7));
        Assert.That(languages.Count(language => language == "csharp"), Is.GreaterThanOrEqualTo(4));
    }

    [TestCaseSource(nameof(Sections))]
    public async Task EveryBlock_Runs(string section, (string Language, string Text)[] blocks)
    {
        using var folder = new TestFolder();
        Prepare(folder, section);
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Root;
        try
        {
            foreach (var (language, text) in blocks)
                if (language is "bash" or "powershell")
                    foreach (var line in text.Split('\n'))
                        RunLine(line, folder);
                else if (language == "csharp")
                    await CSharpScript.RunAsync(AsScript(text), Scripts.Options);
                else
                    Assert.Fail($"a block of a language that is not tested: {language}\n{text}");
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    /// <summary>The examples in the doc comments of public members.</summary>
    private static IEnumerable<TestCaseData> Examples =>
        from path in Directory.EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        where !path.Split('/', '\\').Any(part => part is "bin" or "obj")
        from example in ExampleBlocks().Matches(File.ReadAllText(path))
        let code = System.Net.WebUtility.HtmlDecode(CommentMarks().Replace(example.Groups["text"].Value, ""))
        select new TestCaseData(code).SetArgDisplayNames(Path.GetFileNameWithoutExtension(path), code.Split('\n')[0].Trim());

    [Test]
    public void Examples_AreFound() => Assert.That(Examples.Count(), Is.GreaterThanOrEqualTo(10));

    [TestCaseSource(nameof(Examples))]
    public Task EveryExample_Runs(string code) => EveryBlock_Runs(
        code.Contains("photo.png", StringComparison.Ordinal) ? code + "clip.avi" : code,
        [("csharp", "using FerMl;\nusing FerMl.Training;\nusing FerMl.Vision;\nusing Microsoft.ML;\nusing System.IO;\n" + code)]);

    [GeneratedRegex(@"(?s)/// <example>\r?\n\s*/// <code>\r?\n(?<text>.*?)\s*/// </code>")]
    private static partial Regex ExampleBlocks();

    [GeneratedRegex(@"(?m)^\s*/// ?")]
    private static partial Regex CommentMarks();

    [TestCaseSource(nameof(AllPages))]
    public void EveryFileThatItLinksTo_IsThere(string page)
    {
        var folder = Path.GetDirectoryName(Repository.File(page))!;
        foreach (Match link in Links().Matches(File.ReadAllText(Repository.File(page))))
            if (!link.Groups["path"].Value.Contains("://", StringComparison.Ordinal))
                Assert.That(Path.Exists(Path.Combine(folder, link.Groups["path"].Value)), link.Value);
    }

    /// <summary>Writes the files that the section requires, but none that it makes itself.</summary>
    private static void Prepare(TestFolder folder, string section)
    {
        var faces = SyntheticFaces.Create(420, seed: 5);
        folder.Write("data/fer2013.csv", FaceFiles.Csv(faces));
        folder.Write("data/fer2013new.csv", FaceFiles.Votes(faces));
        folder.Write("face.png", FaceFiles.Png(faces[3].Pixels));
        if (!section.Contains("eng/quickstart.sh", StringComparison.Ordinal))
            folder.Write("artifacts/runs/quickstart/face.png", FaceFiles.Png(faces[3].Pixels));
        foreach (var run in (string[])["artifacts/runs/first", "artifacts/runs/seven"])
            if (section.Contains($"{run}/model.zip", StringComparison.Ordinal)
                && !section.Contains($"--out {run}\n", StringComparison.Ordinal))
                using (var model = typeof(EmotionPredictor).Assembly.GetManifestResourceStream("fer7-fast.zip")!)
                    AtomicFile.Write(folder.Path($"{run}/model.zip"), model.CopyTo);
        if (section.Contains("faces ", StringComparison.Ordinal) || section.Contains("\"faces\"", StringComparison.Ordinal))
            foreach (var (i, face) in faces.Samples.Take(40).Index())
                folder.Write($"faces/{(face.Emotion == Emotion.Happy ? "smile" : "none")}/{i}.png", FaceFiles.Png(face.Pixels));
        foreach (var images in (string[])["backgrounds", "photos"])
            if (section.Contains($" {images} ", StringComparison.Ordinal))
                for (var i = 0; i < 17; i++)
                    folder.Write($"{images}/{i}.png", TestImages.PngTurned(160, 1, (x, y) =>
                        new SkiaSharp.SKColor((byte)(x * i), (byte)y, 90)));
        if (section.Contains(" photos ", StringComparison.Ordinal))
            folder.Write("photos/boxes.csv", "file,x,y,width,height\n0.png,,,,\n");
        if (!section.Contains("clip.avi", StringComparison.Ordinal) && !section.Contains("photo.png", StringComparison.Ordinal))
            return;
        var scene = new MovingFaces(VideoFaces.Choose(faces, 1));
        scene.WriteVideo(folder.Path("clip.avi"), frames: 20);
        using var photo = scene.Draw(0).Image;
        OpenCvSharp.Cv2.ImWrite(folder.Path("photo.png"), photo);
    }

    /// <summary>The snippet as a script, wrapped in a method: scripts support "using var" only there.</summary>
    private static string AsScript(string snippet)
    {
        var lines = snippet.Split('\n').ToLookup(line => UsingDirective().IsMatch(line));
        return $"{string.Join('\n', lines[true])}\nasync System.Threading.Tasks.Task "
            + $"Snippet()\n{{\n{string.Join('\n', lines[false])}\n}}\nawait Snippet();";
    }

    private static void RunLine(string line, TestFolder folder)
    {
        // Runs six seconds instead of the documented ten minutes.
        line = line.Split(" #")[0].Trim().Replace("--minutes 10 ", "--minutes 0.1 ", StringComparison.Ordinal);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words.FirstOrDefault())
        {
            case null or "alias":
                return;
            case "ferml" when words[1] is "serve":
                Check(Command.InterruptAt("Ctrl+C ends it", folder.Root, [.. words[1..], "--port", "0"]), line);
                return;
            case "ferml":
                Check(Command.Run(folder.Root, Command.Ferml, words[1..]), line);
                return;
            case "eng/quickstart.sh" when OperatingSystem.IsLinux():
                CheckQuickstart(Command.Run(folder.Root, Repository.File(line), "--out", folder.Path("artifacts/runs/quickstart")),
                    folder.Path("artifacts/runs/quickstart"));
                return;
            case "eng/quickstart.sh" or "eng/test.sh":
                // Isn't run: eng/test.sh runs this test, and eng/quickstart.sh is for Linux.
                Assert.That(File.Exists(Repository.File(line)), line);
                return;
            case "dotnet" when words[1] is "run" or "test":
                // The scripts' equivalents for Windows: checks only that the named files exist.
                Assert.That(words.Where(word => word.Contains('/') || word.EndsWith(".sln", StringComparison.Ordinal))
                    .Select(Repository.File), Is.All.Matches<string>(Path.Exists), line);
                return;
            default:
                Assert.Fail($"a command that is not tested: {line}");
                return;
        }
    }

    /// <summary>Checks the files and the output of the quickstart.</summary>
    private static void CheckQuickstart((int ExitCode, string Output, string Error) run, string folder)
    {
        Check(run, "eng/quickstart.sh");
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "model.zip", "history.jsonl", "card.json", "faces.svg", "face.png", "checkpoint.bin",
                "checkpoint.previous.bin" }));
        Assert.That(run.Output, Does.Contain("predicted").And.Contain("synthetic0"), "the predictions are the result");
        Assert.That(run.Error, Does.Contain("accuracy 9"), "synthetic faces allow over 90 %");
    }

    private static void Check((int ExitCode, string Output, string Error) run, string line) =>
        Assert.That(run.ExitCode, Is.Zero, $"{line}\n{run.Output}\n{run.Error}");

    [GeneratedRegex(@"^(?=## )", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^using [\w.]+;$")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"\]\((?<path>[^)#]+)\)")]
    private static partial Regex Links();
}
