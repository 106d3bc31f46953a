using System.Text.Json;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>Predictions of image archives: into a resumable file, and in shards.</summary>
public sealed class PredictionLogTests : FolderTests
{
    [Test]
    public async Task Predict_ToAFile_GoesOnBehindTheLastWholeLine()
    {
        for (var i = 0; i < 6; i++)
            Folder.Write($"many/{i}.png", FaceFiles.Png(SyntheticFaces.Create(70)[i].Pixels));
        var path = Folder.Path("all.jsonl");
        string[] work = ["predict", "--model", "fer7-fast", "--out", path, Folder.Path("many")];
        Assert.That((await Ferml.RunAsync(work)).ExitCode, Is.Zero);
        var whole = await File.ReadAllLinesAsync(path);
        await File.WriteAllTextAsync(path, string.Join('\n', whole[..4]) + "\n" + whole[4][..30]);
        var (exitCode, output, error) = await Ferml.RunAsync(work);
        Assert.That((exitCode, output), Is.EqualTo((0, path + "\n")), error);
        Assert.That(error, Does.Contain("4 images done already"));
        Assert.That((await File.ReadAllLinesAsync(path)).Order(), Is.EqualTo(whole.Order()));
        var (other, _, why) = await Ferml.RunAsync("predict", "--model", "fer3", "--out", path, Folder.Path("many"));
        Assert.That((other, why.Contains("line 1: from fer7-fast", StringComparison.Ordinal)), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task Predict_ToAFileThatIsResumed_ReadsNothingAgain_AndStillTellsOfWhatFailed()
    {
        Folder.Write("many/0.png", FaceFiles.Png(SyntheticFaces.Create(70)[0].Pixels));
        Folder.Write("many/1.png", "no image");
        var path = Folder.Path("all.jsonl");
        string[] work = ["predict", "--model", "fer7-fast", "--out", path, Folder.Path("many")];
        Assert.That((await Ferml.RunAsync(work)).ExitCode, Is.EqualTo(ExitCode.Failed));
        var whole = await File.ReadAllTextAsync(path);
        Assert.That((await Ferml.RunAsync(work)).ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(whole));

        var (exitCode, _, error) = await Ferml.RunAsync([.. work, "--faces"]);
        Assert.That((exitCode, error.Contains("without --faces", StringComparison.Ordinal)), Is.EqualTo((ExitCode.Failed, true)), error);
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(whole));
    }

    [TestCase("notes without an end of line")]
    [TestCase("{\"fil")]
    public async Task Predict_ToAFileOfSomethingElse_LeavesItAsItIs(string text)
    {
        var path = Folder.Write("notes.txt", text);
        var face = Folder.Write("one.png", FaceFiles.Png(SyntheticFaces.Create(70)[0].Pixels));
        var (exitCode, _, error) = await Ferml.RunAsync("predict", "--model", "fer7-fast", "--out", path, face);
        if (text[0] == '{')
        {
            Assert.That(exitCode, Is.Zero, "an incomplete line of its own is removed");
            return;
        }
        Assert.That((exitCode, await File.ReadAllTextAsync(path)), Is.EqualTo((1, text)), error);
    }

    [Test]
    public async Task Predict_InShards_TakesEachImageOnce()
    {
        for (var i = 0; i < 40; i++)
            Folder.Write($"shards/{i}.png", FaceFiles.Png(SyntheticFaces.Create(70)[i].Pixels));
        var seen = new List<string>();
        for (var i = 1; i <= 3; i++)
        {
            var (exitCode, output, _) = await Ferml.RunAsync(
                "predict", "--model", "fer7-fast", "--format", "jsonl", "--shard", $"{i}/3", Folder.Path("shards"));
            Assert.That(exitCode, Is.Zero);
            var part = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("file").GetString()!).ToArray();
            Assert.That(part, Has.Length.InRange(5, 25));
            seen.AddRange(part);
        }
        Assert.That(seen, Is.Unique.And.Count.EqualTo(40));
    }

    [Test]
    public async Task Predict_AsLines_PrintsEachAsSoonAsItIsDone()
    {
        for (var i = 0; i < 200; i++)
            Folder.Write($"stream/{i:000}.png", FaceFiles.Png(SyntheticFaces.Create(70)[i % 70].Pixels));
        // Deletes the last image when the first line is written.
        using var results = new Reader(() => File.Delete(Folder.Path("stream/199.png")));
        var quiet = Spectre.Console.AnsiConsole.Create(new Spectre.Console.AnsiConsoleSettings
        {
            Out = new Spectre.Console.AnsiConsoleOutput(TextWriter.Null),
        });
        await CommandLine.RunAsync(
            ["predict", "--model", "fer7-fast", "--format", "jsonl", Folder.Path("stream")], new Terminal(results, quiet, quiet, false));
        Assert.That(results.Lines, Has.Count.EqualTo(200));
        Assert.That(results.Lines.Select(line => Path.GetFileName(JsonDocument.Parse(line).RootElement.GetProperty("file").GetString()!)),
            Is.EqualTo(Enumerable.Range(0, 200).Select(i => $"{i:000}.png")), "in the images' order");
        Assert.That(results.Lines[^1], Does.Contain("error"), "the first line came before the last image was read");
    }

    /// <summary>Collects lines, and runs an action at the first.</summary>
    private sealed class Reader(Action first) : StringWriter
    {
        public List<string> Lines { get; } = [];

        public override void WriteLine(string? value)
        {
            if (Lines.Count == 0)
                first();
            Lines.Add(value!);
        }
    }
}
