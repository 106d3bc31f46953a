using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>
/// Files of earlier versions still open. The version of November 2026 wrote those in <c>FormerFiles</c>, with its names of options.
/// </summary>
public class FormerFilesTests : FolderTests
{
    private static string Former => Repository.File("tests/FerMl.Cli.Tests/FormerFiles");

    [TestCase("fer7")]
    [TestCase("fer3")]
    [TestCase("fer7-fast")]
    public void APretrainedModel_Opens_WithItsCard(string name)
    {
        var model = EmotionModel.Load(Repository.File($"artifacts/models/{name}.zip"));
        Assert.That(model.Card!.TestTimeAugmentation, Is.EqualTo("Zoom"));
        Assert.That(model.Card.Options!.ContainsKey("emaDecay"));
        Assert.That(string.Join("; ", model.Card.Layers), Does.Contain("batch normalization").And.Not.Contain("way around"));
        Assert.That(model.Card.Format, Is.EqualTo(ModelCard.CurrentFormat));
    }

    [Test]
    public void TheEnsemble_Opens_WithItsMembersCards()
    {
        var model = EmotionModel.Load(Repository.File("artifacts/models/fer7-ensemble.zip"));
        ModelCard[] networks = [.. Networks(model.Card!)];
        Assert.That(networks.Select(network => network.TestTimeAugmentation), Is.All.EqualTo("Zoom"));
        Assert.That(networks, Has.Length.AtLeast(3));
        Assert.That(networks.Select(network => network.Options!.ContainsKey("emaDecay")), Is.All.True);

        static IEnumerable<ModelCard> Networks(ModelCard card) => card.Members.Count == 0 ? [card] : card.Members.SelectMany(Networks);
    }

    [Test]
    public async Task ARun_IsResumed_WithTheOptionsThatItWasBegunWith()
    {
        Directory.CreateDirectory(Folder.Path("run"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Former, "run")))
            File.Copy(file, Folder.Path(Path.Combine("run", Path.GetFileName(file))));
        var (code, _, error) = await Ferml.RunAsync("train", "--resume", Folder.Path("run"));
        Assert.That(code, Is.Zero, error);
        Assert.That(File.ReadAllLines(Folder.Path("run/history.jsonl")), Has.Length.EqualTo(40));
        var card = EmotionModel.Load(Folder.Path("run/model.zip")).Card!;
        Assert.That(card.TestTimeAugmentation, Is.EqualTo("Flip"));
        Assert.That(card.Options!["emaDecay"]!.GetValue<double>(), Is.EqualTo(0.9));
    }

    [Test]
    public async Task AStudy_IsShown_AndFoundToBeTheSame()
    {
        File.Copy(Path.Combine(Former, "study.db"), Folder.Path("study.db"));
        var (code, output, error) = await Ferml.RunAsync("experiment", "show", "--study", Folder.Path("study.db"), "--json");
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("\"isInteger\": true"));
        (code, output, error) = await Ferml.RunAsync(
            "experiment", "run", "--data", "synthetic", "--limit", "70", "--preset", "tiny", "--search", "BatchSize=16..32",
            "--search", "WeightAverageDecay=0.5..0.9", "--trials", "2", "--epochs", "1", "--schedule", "none", "--study",
            Folder.Path("study.db"), "--folder", Folder.Path("studies"));
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("WeightAverageDecay"), "a study keeps the names that it was created with");
    }
}
