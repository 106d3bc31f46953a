using System.Text.Json;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>A small study from the command line, from its start to its table.</summary>
public class ExperimentCommandTests : FolderTests
{
    [Test, Category("Slow")]
    public async Task Study_FromBeginningToTable()
    {
        string[] study = ["--study", Folder.Path("study.db"), "--name", "first"];
        string[] folder = ["--folder", Folder.Path("trials")];
        string[] run = ["experiment", "run", "--data", "synthetic", "--preset", "tiny", "--limit", "350", "--search",
            "LearningRate=0.0001..0.01,log", "--search", "BatchSize=16|32",
            "--tuner", "random", "--trials", "3", "--epochs", "2", "--factor", "2", .. study, .. folder];
        var (exitCode, output, error) = await Ferml.RunAsync(run);
        Assert.That(exitCode, Is.Zero, error);
        var best = JsonDocument.Parse(output).RootElement;
        Assert.That((best.GetProperty("state").GetString(), best.GetProperty("epochs").GetInt32()), Is.EqualTo(("completed", 2)));
        Assert.That(best.GetProperty("configuration").GetProperty("BatchSize").GetString(), Is.AnyOf("16", "32"));
        Assert.That(error, Does.Contain("after 1 epochs, paused (BatchSize = ").And.Contain("after 2 epochs ("));

        Assert.That((await Ferml.RunAsync(run)).Output, Is.EqualTo(output), "completed trials aren't run again");
        Assert.That((await Ferml.RunAsync("experiment", "list", "--study", Folder.Path("study.db"))).Output,
            Does.Contain("first").And.Contain("3 of 3"));
        Assert.That((await Ferml.RunAsync(["experiment", "show", .. study])).Output,
            Does.Contain("completed").And.Contain("LearningRate = "));
        var shown = JsonDocument.Parse((await Ferml.RunAsync(["experiment", "show", "--json", .. study])).Output).RootElement;
        Assert.That((shown.GetProperty("trials").GetArrayLength(), shown.GetProperty("study").GetProperty("space").GetProperty("parameters")
            .GetArrayLength()), Is.EqualTo((3, 2)));
        var (_, again, _) = await Ferml.RunAsync(["experiment", "best", "--out", Folder.Path("best.zip"), .. study, .. folder]);
        Assert.That(again, Is.EqualTo(output));
        Assert.That(EmotionModel.Load(Folder.Path("best.zip")).Card!.Network, Is.EqualTo("tiny"));
        await Ferml.RunAsync(["experiment", "export", "--out", Folder.Path("trials.csv"), .. study]);
        Assert.That(File.ReadAllLines(Folder.Path("trials.csv")), Has.Length.EqualTo(4));
        Assert.That(File.ReadLines(Folder.Path("trials.csv")).First(),
            Is.EqualTo("trial,state,epochs,score,attempts,LearningRate,BatchSize,error"));
        var (reported, page, _) = await Ferml.RunAsync(
            "report", Folder.Path("study.db"), "--name", "first", "--out", Folder.Path("study.html"));
        Assert.That((reported, File.ReadAllText(page.Trim()).Split("<svg").Length - 1), Is.EqualTo((0, 2)),
            "progress and configurations; three trials are too few to show which options matter");
        Assert.That(File.ReadAllText(page.Trim()), Does.Contain("FerMl: study first").And.Contain("trained to the end"));
    }
}
