using FerMl.Experiments;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

public class AutoCommandTests : FolderTests
{
    private string Mouths(int count, string folder)
    {
        foreach (var face in AutoBenchmark.Mouths(count, 1).Samples)
            Folder.Write($"{folder}/{face.Label}/{face.Index}.png", FaceFiles.Png(face.Pixels));
        return Folder.Path(folder);
    }

    [Test]
    public async Task Auto_OfAFolderOfOnesOwnLabels_WritesAModelThatEveryCommandTakes()
    {
        var (data, model) = (Mouths(60, "mouths"), Folder.Path("mouths.zip"));
        var (exitCode, output, error) = await Ferml.RunAsync(
            "auto", "--data", data, "--minutes", "1", "--trials", "3", "--out", model);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("no folder is named after an emotion").And.Contain("60 faces, 2 labels: open 30, shut 30.")
            .And.Contain("No faces were kept for a test").And.Contain("is best by log-loss"));
        Assert.That(output, Does.Contain("head(ferplus)").And.Contain(model));
        Assert.That(File.ReadAllText(Folder.Path("mouths.html")), Does.Contain("Leaderboard").And.Contain("60 faces, 2 labels"));

        (exitCode, output, error) = await Ferml.RunAsync("predict", "--model", model, "--format", "csv", Path.Combine(data, "open"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output.Split('\n')[0], Does.Contain("open").And.Contain("shut"));
        (exitCode, output, error) = await Ferml.RunAsync(
            "evaluate", "--model", model, "--data", data, "--usage", "Training", "--predictions", Folder.Path("table.csv"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain("open").And.Contain("shut"));
        Assert.That(File.ReadAllLines(Folder.Path("table.csv")), Has.Length.EqualTo(61));
        foreach (var arguments in (string[][])[
            ["report", model, "--data", data, "--usage", "Training", "--out", Folder.Path("report.html")],
            ["calibrate", "--model", model, "--data", data, "--usage", "Training", "--out", Folder.Path("again.zip")],
            ["export", "--model", model, "--out", Folder.Path("onnx")]])
        {
            (exitCode, _, error) = await Ferml.RunAsync(arguments);
            Assert.That(exitCode, Is.Zero, $"{arguments[0]}: {error}");
        }

        (exitCode, _, error) = await Ferml.RunAsync("auto", "--data", data, "--trials", "4", "--out", model);
        Assert.That((exitCode, error.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)));
        (exitCode, _, error) = await Ferml.RunAsync("auto", "--data", data, "--trials", "4", "--out", model, "--overwrite");
        Assert.That(exitCode, Is.Zero, error);
        var trials = StudyStore.Open(Folder.Path("mouths-study/study.db"), create: false).Trials("auto");
        Assert.That(trials.Select(trial => trial.Attempts), Is.EqualTo(new[] { 1, 1, 1, 1 }), "more trials resume the study");
    }

    [Test]
    public async Task Auto_OfEmotionsWithATestPart_ChoosesNothingByIt()
    {
        foreach (var face in SyntheticFaces.Create(100, task: EmotionTask.Three).Samples.Where(face => face.Usage != Usage.PublicTest))
            Folder.Write($"{(face.Usage == Usage.Training ? "train" : "test")}/{face.Label}/{face.Index}.png", FaceFiles.Png(face.Pixels));
        var (exitCode, output, error) = await Ferml.RunAsync(
            "auto", "--data", Folder.Root, "--trials", "2", "--minutes", "1", "--out", Folder.Path("out/model.zip"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("its PrivateTest faces are used for the test only")
            .And.Contain("3 labels: happy").And.Contain("faces that the study never saw"));
        Assert.That(output, Does.Contain("as-is(ferplus)"));
        Assert.That(EmotionModel.Load(Folder.Path("out/model.zip")).Card!.Task, Is.EqualTo("three"));
    }

    [Test]
    public async Task Auto_OfOneLabel_OrOfAMixture_SaysWhatIsMissing()
    {
        Folder.Write("one/glasses/1.png", FaceFiles.Png(SyntheticFaces.Create(70)[0].Pixels));
        var (exitCode, _, error) = await Ferml.RunAsync("auto", "--data", Folder.Path("one"), "--custom-labels", "--out",
            Folder.Path("m.zip"));
        Assert.That((exitCode, error.Contains("all training faces have the label 'glasses'", StringComparison.Ordinal)),
            Is.EqualTo((1, true)), error);
        Folder.Write("mixed/happy/1.png", FaceFiles.Png(SyntheticFaces.Create(70)[0].Pixels));
        Folder.Write("mixed/bored/2.png", FaceFiles.Png(SyntheticFaces.Create(70)[1].Pixels));
        (exitCode, _, error) = await Ferml.RunAsync("auto", "--data", Folder.Path("mixed"), "--out", Folder.Path("m.zip"));
        Assert.That((exitCode, error.Contains("--custom-labels", StringComparison.Ordinal)), Is.EqualTo((1, true)), error);
    }

    [Test]
    public async Task Train_OfCustomLabels_LearnsThem()
    {
        var data = Mouths(60, "mouths");
        var (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", data, "--custom-labels", "--preset", "tiny", "--epochs", "1", "--out", Folder.Path("run"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(EmotionModel.Load(Folder.Path("run/model.zip")).Labels, Is.EqualTo(new[] { "open", "shut" }));
        (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", data, "--custom-labels", "--task", "open,yawning", "--preset", "tiny", "--out", Folder.Path("other"));
        Assert.That((exitCode, error.Contains("no face has the label 'yawning'", StringComparison.Ordinal)), Is.EqualTo((1, true)), error);
    }

    [TestCase("vectors.csv")]
    [TestCase("vectors.jsonl")]
    public async Task Embed_WritesARowForEachImage_AndGoesOnWithoutABadOne(string name)
    {
        var data = Mouths(4, "mouths");
        Folder.Write("mouths/open/bad.png", "no image");
        var path = Folder.Path(name);
        var (exitCode, output, error) = await Ferml.RunAsync("embed", data, "--model", "ferplus-fast", "--out", path);
        Assert.That((exitCode, output.Trim()), Is.EqualTo((1, path)), error);
        Assert.That(error, Does.Contain("bad.png").And.Contain("4 embeddings of"));
        var lines = File.ReadAllLines(path);
        Assert.That(lines, Has.Length.EqualTo(name.EndsWith("csv", StringComparison.Ordinal) ? 5 : 4));
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.FerPlusFast);
        var expected = predictor.Embed(Path.Combine(data, "open", "0.png"));
        var line = lines.Single(line => line.Contains("0.png", StringComparison.Ordinal));
        Assert.That(line, Does.Contain(expected[7].Invariant("R")));

        (exitCode, _, error) = await Ferml.RunAsync("embed", data, "--out", Folder.Path("vectors.txt"));
        Assert.That((exitCode, error.Contains("it must end in .csv or .jsonl", StringComparison.Ordinal)), Is.EqualTo((2, true)), error);
    }
}
