using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary><c>ferml train</c>, each time in a folder of its own.</summary>
public class TrainCommandTests : FolderTests
{
    [Test]
    public async Task Train_StartingFromAModelThatComesWithFerMl_CanBeResumed()
    {
        var folder = Folder.Path("shipped");
        var (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "fast", "--epochs", "1", "--limit", "210", "--initialize-from", "fer7-fast",
            "--teacher", "fer7-fast", "--out", folder);
        Assert.That(exitCode, Is.Zero, error);
        (exitCode, _, error) = await Ferml.RunAsync("train", "--resume", folder);
        Assert.That(exitCode, Is.Zero, error);
        var card = EmotionModel.Load(Path.Combine(folder, "model.zip")).Card!;
        Assert.That((card.InitializedFrom, card.Teachers.Single()), Is.EqualTo(("fer7-fast", "fer7-fast")));
    }

    [Test]
    public async Task Train_Resume_NeedsNothingButTheFolder()
    {
        var folder = Folder.Path("again");
        string[] options = ["--preset", "tiny", "--epochs", "2", "--limit", "700", "--seed", "4", "--validation", "0.3"];
        var (exitCode, first, error) = await Ferml.RunAsync(["train", "--data", "synthetic", .. options, "--out", folder]);
        Assert.That(exitCode, Is.Zero, error);
        var before = EmotionModel.Load(first.Trim()).Onnx.ToArray();
        File.Delete(first.Trim());
        (exitCode, var second, error) = await Ferml.RunAsync("train", "--resume", folder);
        Assert.That((exitCode, second), Is.EqualTo((0, first)), error);
        Assert.That(EmotionModel.Load(second.Trim()).Onnx.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public async Task Train_OneEpochOfAPresetWithWarmUp_Works()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "fast", "--epochs", "1", "--limit", "100", "--out", Folder.Path("one"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That((double?)EmotionModel.Load(output.Trim()).Card!.Options!["warmUpEpochs"], Is.EqualTo(0.1));
    }

    [Test]
    public async Task Train_SkipBadRows_ReportsThem()
    {
        var csv = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(140)) + "9,1 2 3,Training\n");
        var (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", csv, "--skip-bad-rows", "--preset", "tiny", "--epochs", "1", "--out", Folder.Path("skipped"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("1 bad rows or images left out:").And.Contain("fer2013.csv, line 142, column emotion: '9'"));
    }
}
