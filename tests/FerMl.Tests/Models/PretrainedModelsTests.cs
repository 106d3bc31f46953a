using System.Text.Json.Nodes;

namespace FerMl.Tests;

public class PretrainedModelsTests
{
    [TestCase(PretrainedModel.FerPlus, "ferplus", 8)]
    [TestCase(PretrainedModel.FerPlusFast, "ferplus-fast", 8)]
    [TestCase(PretrainedModel.Seven, "fer7", 7)]
    [TestCase(PretrainedModel.Three, "fer3", 3)]
    [TestCase(PretrainedModel.SevenFast, "fer7-fast", 7)]
    public void LoadPretrained_NeedsNoFile(PretrainedModel shipped, string name, int labels)
    {
        var model = EmotionModel.LoadPretrained(shipped);
        Assert.That((model.Name, model.Labels.Count, PretrainedModels.Find(name)), Is.EqualTo((name, labels, shipped)));
        Assert.That(model.Card!.Labels, Is.EqualTo(model.Labels));
    }

    [Test]
    public void EachModelInTheAssembly_HasAtMostTwelveMegabytes_AndTheEnsembleBesideItForty()
    {
        var files = new DirectoryInfo(Repository.File("artifacts/models")).GetFiles("fer*.zip");
        Assert.That(files, Has.Length.EqualTo(6));
        foreach (var file in files)
            Assert.That(file.Length, Is.LessThanOrEqualTo(file.Name == "fer7-ensemble.zip" ? 40_000_000 : 12_000_000), file.Name);
    }

    [Test]
    public void TheEnsembleThatShips_HasTwoMembersOfSevenEmotions()
    {
        var ensemble = EmotionModel.Load(Repository.File("artifacts/models/fer7-ensemble.zip"));
        Assert.That(ensemble.Card!.Members, Has.Count.EqualTo(2));
        Assert.That(ensemble.Labels, Is.EqualTo(EmotionTask.Seven.Labels));
    }

    /// <summary>A model's description states the measured accuracy.</summary>
    [Test]
    public void About_SaysTheAccuracyThatTheReportsHave()
    {
        foreach (var name in PretrainedModels.Names)
        {
            var report = JsonNode.Parse(File.ReadAllText(Repository.File($"artifacts/reports/{name}/evaluation.json")))!;
            var accuracy = FormattableString.Invariant($" {100 * (double)report["accuracy"]!:F1} %");
            Assert.That(PretrainedModels.AboutOf(name), Does.Contain(accuracy), name);
            Assert.That((string?)report["annotation"] == "ferplus", Is.EqualTo(name.StartsWith("ferplus", StringComparison.Ordinal)));
        }
    }

    [Test]
    public void LoadDefault_HasFerPlusEightEmotions()
    {
        using var predictor = EmotionPredictor.LoadDefault();
        Assert.That(predictor.Labels, Is.EqualTo(EmotionTask.Eight.Labels));
        var prediction = predictor.Predict(new byte[FaceResampler.PixelCount], 48, 48);
        Assert.That(prediction.Scores.Sum(score => score.Score), Is.EqualTo(1).Within(1e-4));
    }

    [Test]
    public void LoadPretrained_OfNoModel_SaysWhichThereAre() =>
        Assert.That(() => EmotionModel.LoadPretrained((PretrainedModel)9),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Seven, Three, SevenFast"));
}
