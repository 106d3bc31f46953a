using System.Diagnostics;
using FerMl.Tests;
using FerMl.Training;

namespace FerMl.Cli.Tests;

/// <summary>An invalid input affects only itself.</summary>
public class SurroundingsTests : FolderTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(70);

    [Test]
    public async Task Predict_OfAFaceThatTheNetworkCantScore_IsAnErrorOfThatImageAlone()
    {
        string[] labels = [.. EmotionTask.Seven.Labels];
        var model = Folder.Path("faulty.zip");
        ModelFile.Save(
            ModelFile.Scoring(FaultyNetwork.FailingForBrightFaces(), labels),
            new ModelCard { Task = "seven", Labels = labels, Network = "faulty" }, model, overwrite: false);
        var bright = new byte[48 * 48];
        bright.AsSpan().Fill(240);
        Folder.Write("images/bright.png", FaceFiles.Png(bright));
        for (var i = 0; i < 5; i++)
            Folder.Write($"images/{i}.png", FaceFiles.Png(Faces[i].Pixels));
        var (exitCode, output, error) = await Ferml.RunAsync("predict", "--model", model, "--format", "csv", Folder.Path("images"));
        Assert.That((exitCode, output.TrimEnd().Split('\n').Length), Is.EqualTo((1, 6)), error);
        Assert.That(error, Does.Contain("bright.png: ").And.Contain("NaN"));

        var lines = Folder.Path("lines.jsonl");
        for (var run = 0; run < 2; run++)
        {
            (exitCode, _, error) = await Ferml.RunAsync("predict", "--model", model, "--out", lines, Folder.Path("images"));
            Assert.That((exitCode, File.ReadAllLines(lines).Length), Is.EqualTo((1, 6)), error);
        }
        (exitCode, _, error) = await Ferml.RunAsync("embed", "--model", model, "--out", Folder.Path("e.csv"), Folder.Path("images"));
        Assert.That((exitCode, error.Split("no embeddings can be taken").Length), Is.EqualTo((1, 2)), "said once: " + error);
    }

    [Test, Platform(Exclude = "Win")]
    public async Task PipesAndDevices_AreRefusedAtOnce_WhereverAFileIsRead()
    {
        using (var mkfifo = Process.Start("mkfifo", [Folder.Path("pipe.zip"), Folder.Path("pipe.png"), Folder.Path("pipe.csv")]))
            mkfifo.WaitForExit();
        var face = Folder.Write("face.png", FaceFiles.Png(Faces[0].Pixels));
        foreach (var arguments in (string[][])[
            ["predict", Folder.Path("pipe.png")], ["predict", "/dev/zero"], ["predict", "--faces", Folder.Path("pipe.png")],
            ["embed", Folder.Path("pipe.png"), "--out", Folder.Path("e.csv")],
            ["predict", "--model", Folder.Path("pipe.zip"), face], ["data", "info", Folder.Path("pipe.csv")],
            ["data", "info", "synthetic", "--votes", Folder.Path("pipe.csv")],
            ["evaluate", "--data", Folder.Path("pipe.zip")],
            ["webcam", "--headless", "--source", Folder.Path("pipe.csv")], ["webcam", "--headless", "--source", Folder.Path("pipe.png")],
            ["timeline", Folder.Path("pipe.csv"), "--out", Folder.Path("t.svg")]])
        {
            var run = Ferml.RunAsync(arguments);
            Assert.That(await Task.WhenAny(run, Task.Delay(TimeSpan.FromSeconds(20))), Is.SameAs(run), $"{arguments[0]} hangs");
            Assert.That((await run).ExitCode, Is.EqualTo(1), string.Join(' ', arguments));
        }
        // Within a folder, only these files are errors.
        var (exitCode, output, error) = await Ferml.RunAsync("predict", "--format", "csv", Folder.Root);
        Assert.That((exitCode, output.Contains("face.png", StringComparison.Ordinal)), Is.EqualTo((1, true)));
        Assert.That(error, Does.Contain("the file is empty, or a pipe or a device"));
    }

    [Test]
    public async Task ExperimentList_OfWhatIsNoStudy_MakesNothing_AndShowsNoPassword()
    {
        foreach (var address in (string[])["host=h password=s3cret dbname=x", "postgresql:u:s3cret@h/x", "u:s3cret@h/x"])
        {
            var before = Directory.GetFileSystemEntries(Environment.CurrentDirectory);
            var (exitCode, output, error) = await Ferml.RunAsync("experiment", "list", "--study", address);
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(output + error, Does.Not.Contain("s3cret"));
            Assert.That(Directory.GetFileSystemEntries(Environment.CurrentDirectory), Is.EquivalentTo(before));
        }
        var missing = Folder.Path("no/such/study.db");
        Assert.That((await Ferml.RunAsync("experiment", "list", "--study", missing)).ExitCode, Is.EqualTo(1));
        Assert.That(Directory.Exists(Folder.Path("no")), Is.False);
    }
}
