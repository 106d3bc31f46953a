using System.Text.RegularExpressions;
using FerMl.Tests;
using FerMl.Vision;
using Microsoft.CodeAnalysis.CSharp.Scripting;

namespace FerMl.EndToEnd.Tests;

/// <summary>Every snippet of the README, in order, in a folder where FER2013 is small and a face lies ready.</summary>
[NonParallelizable]
public partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.File("README.md"));

    [Test]
    public async Task EverySnippet_RunsInOrder()
    {
        using var folder = new TestFolder();
        var faces = SyntheticFaces.Create(700, seed: 5);
        folder.Write("data/fer2013.csv", FaceFiles.Csv(faces));
        folder.Write("face.png", FaceFiles.Png(faces[3].Pixels));
        var videoFaces = VideoFaces.Choose(faces, 1);
        var scene = new MovingFaces(videoFaces);
        scene.WriteVideo(folder.Path("clip.avi"), frames: 20);
        using (var photo = scene.Draw(0).Image)
            OpenCvSharp.Cv2.ImWrite(folder.Path("photo.png"), photo);
        var (shell, code) = (0, 0);
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Root;
        try
        {
            foreach (Match block in Fences().Matches(Readme))
            {
                var text = block.Groups["text"].Value;
                switch (block.Groups["language"].Value)
                {
                    case "bash" or "powershell":
                        shell += text.Split('\n').Count(line => RunLine(line, folder));
                        break;
                    case "csharp":
                        await CSharpScript.RunAsync(AsScript(text), Scripts.Options);
                        code++;
                        break;
                    default:
                        Assert.Fail($"the README has a block of a language that is not tested: {block.Value}");
                        break;
                }
            }
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
        Assert.That(shell, Is.GreaterThanOrEqualTo(8), "commands found");
        Assert.That(code, Is.GreaterThanOrEqualTo(3), "C# snippets found");
    }

    [Test]
    public void EveryFileThatItNames_IsThere()
    {
        foreach (Match link in Links().Matches(Readme))
            if (!link.Groups["path"].Value.Contains("://", StringComparison.Ordinal))
                Assert.That(Path.Exists(Repository.File(link.Groups["path"].Value)), link.Value);
    }

    /// <summary>The snippet as a script: a program's "using var" is one only inside a method there.</summary>
    private static string AsScript(string snippet)
    {
        var lines = snippet.Split('\n').ToLookup(line => UsingDirective().IsMatch(line));
        return $"{string.Join('\n', lines[true])}\nasync System.Threading.Tasks.Task Snippet()\n{{\n{string.Join('\n', lines[false])}\n}}\nawait Snippet();";
    }

    /// <returns>Whether the line was a command.</returns>
    private static bool RunLine(string line, TestFolder folder)
    {
        line = line.Split(" #")[0].Trim();
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words.FirstOrDefault())
        {
            case null or "alias":
                return false;
            case "ferml":
                Check(Command.Run(folder.Root, Command.Ferml, words[1..]), line);
                return true;
            case "eng/quickstart.sh" when OperatingSystem.IsLinux():
                Check(Command.Run(folder.Root, Repository.File(line), "--out", folder.Path("quickstart")), line);
                return true;
            case "eng/quickstart.sh" or "eng/test.sh":
                // The test command is what runs this test.
                Assert.That(File.Exists(Repository.File(line)), line);
                return true;
            case "dotnet" when words[1] is "run" or "test":
                // For Windows: the same build and program as the scripts above; here it is enough that they name what is there.
                Assert.That(words.Where(word => word.Contains('/') || word.EndsWith(".sln", StringComparison.Ordinal)).Select(Repository.File), Is.All.Matches<string>(Path.Exists), line);
                return true;
            default:
                Assert.Fail($"the README has a command that is not tested: {line}");
                return false;
        }
    }

    private static void Check((int ExitCode, string Output, string Error) run, string line) => Assert.That(run.ExitCode, Is.Zero, $"{line}\n{run.Output}\n{run.Error}");

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^using [\w.]+;$")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"\]\((?<path>[^)#]+)\)")]
    private static partial Regex Links();
}
