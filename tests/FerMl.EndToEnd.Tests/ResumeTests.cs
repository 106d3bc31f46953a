using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

public class ResumeTests : FolderTests
{
    // Writes a checkpoint every few steps, so that many kills interrupt a write.
    private static readonly string[] Training =
        ["train", "--data", "synthetic", "--preset", "tiny", "--epochs", "5", "--limit", "2100", "--ema", "0.9", "--augment", "true",
            "--threads", "1", "--checkpoint-minutes", "0.001"];

    [Test]
    public void KilledAtRandomMoments_AndResumed_EndsWithTheSameModel()
    {
        const int kills = 3;
        var (exitCode, _, error) = Command.Run(Folder.Root, Command.Ferml, [.. Training, "--out", "whole"]);
        Assert.That(exitCode, Is.Zero, error);

        var random = new Random();
        for (var kill = 0; kill < kills; kill++)
        {
            var delay = TimeSpan.FromMilliseconds(random.Next(600, 3500));
            TestContext.Out.WriteLine($"kill {kill + 1} after {delay.TotalMilliseconds:F0} ms");
            Command.KillAfter(delay, Folder.Root, GoOn());
        }
        (exitCode, var output, error) = Command.Run(Folder.Root, Command.Ferml, GoOn());
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(Path.GetFileName(output.Trim()), Is.EqualTo("model.zip"));
        Assert.That(Onnx("killed"), Is.EqualTo(Onnx("whole")));
        Assert.That(File.ReadAllLines(Folder.Path("killed/history.jsonl")), Has.Length.EqualTo(5));
        Assert.That(Directory.GetFiles(Folder.Path("killed"), ".*.tmp"), Is.Empty, "no incomplete file remains");
    }

    [Test]
    public void DiskFull_SaysSo_AndTheLastCheckpointCanBeGoneOnFrom()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("the limit on file sizes, which stands for a full disk, is set by a Linux shell");
        // The limit allows the run's first file, but no checkpoint of 400 KB. The variable keeps .NET from writing code to a large file.
        var begun = Command.Run(
            Folder.Root, "bash", "-c",
            $"trap '' XFSZ; ulimit -f 200; export DOTNET_EnableWriteXorExecute=0; exec dotnet '{Command.Ferml}' "
                + $"{string.Join(' ', Training)} --out full");
        Assert.That(begun.ExitCode, Is.EqualTo(1), begun.Error);
        Assert.That(begun.Error,
            Does.Contain("checkpoint.bin: the checkpoint can't be written").And.Contain(
                "continue from the last one with --resume").And.Not.Contain("   at "));
        Assert.That(Directory.GetFiles(Folder.Path("full"), "*", SearchOption.TopDirectoryOnly).Select(Path.GetFileName),
            Does.Not.Contain("checkpoint.bin"));
        var (exitCode, _, error) = Command.Run(Folder.Root, Command.Ferml, "train", "--resume", "full");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(EmotionModel.Load(Folder.Path("full/model.zip")).Labels, Has.Count.EqualTo(7));
    }

    [Test]
    public void Resume_WithoutARun_SaysHowToBeginOne()
    {
        var (exitCode, _, error) = Command.Run(Folder.Root, Command.Ferml, "train", "--resume", "nowhere");
        Assert.That((exitCode,
            error.Contains("there is no run in nowhere to resume; start one with --data and --out", StringComparison.Ordinal)),
                Is.EqualTo((1, true)), error);
    }

    /// <summary>
    /// The arguments to continue after a kill: resume, or the first command again if the run has no <c>run.json</c> yet.
    /// </summary>
    private IEnumerable<string> GoOn() =>
        File.Exists(Folder.Path("killed/run.json")) ? ["train", "--resume", "killed"] : [.. Training, "--out", "killed"];

    private byte[] Onnx(string run) => EmotionModel.Load(Folder.Path($"{run}/model.zip")).Onnx.ToArray();
}
