using FerMl.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training.Tests;

public class ModelEnsembleTests : FolderTests
{
    [Test]
    public void Save_AveragesItsMembersScores_ForPredictionEngineUsersToo()
    {
        EmotionModel[] members = [
            Train("a", 1, TestTimeAugmentation.None), Train("b", 2, TestTimeAugmentation.Flip),
            Train("c", 3, TestTimeAugmentation.TenCrop)];
        var card = ModelEnsemble.Save(members, Folder.Path("e.zip"));
        var face = FaceFiles.Png(TrainingData.Faces[9].Pixels);
        var path = Folder.Write("face.png", face);
        var scores = members.Select(member => Scores(member, path)).ToArray();
        var expected = scores[0].Select((_, c) => scores.Average(row => row[c])).ToArray();
        Assert.That(scores[0], Is.Not.EqualTo(scores[1]).Within(1e-3f), "equal members would hide errors");

        var ensemble = EmotionModel.Load(Folder.Path("e.zip"));
        Assert.That(Scores(ensemble, path), Is.EqualTo(expected).Within(1e-5f));
        Assert.That(ensemble.Card!.ToJson(), Is.EqualTo(card.ToJson()));
        Assert.That((card.Network, card.Members.Count, card.Members[1].TestTimeAugmentation), Is.EqualTo(("ensemble of 3", 3, "Flip")));

        var mlContext = new MLContext();
        using var engine = mlContext.Model.CreatePredictionEngine<FaceImage, ScoredFace>(mlContext.Model.Load(Folder.Path("e.zip"), out _));
        using var image = MLImage.CreateFromFile(path);
        var scored = engine.Predict(new FaceImage { Image = image });
        Assert.That(scored.Score, Is.EqualTo(expected).Within(1e-5f));
        Assert.That(scored.PredictedLabel, Is.EqualTo(ensemble.Labels[Array.IndexOf(expected, expected.Max())]));
    }

    [Test]
    public void Save_OfAnEnsemble_NestsIt()
    {
        EmotionModel[] members = [Train("a", 1, TestTimeAugmentation.None), Train("b", 2, TestTimeAugmentation.None)];
        ModelEnsemble.Save(members, Folder.Path("ab.zip"));
        var card = ModelEnsemble.Save([EmotionModel.Load(Folder.Path("ab.zip")), members[0]], Folder.Path("aba.zip"));
        Assert.That(card.Members[0].Members, Has.Count.EqualTo(2));
        var path = Folder.Write("face.png", FaceFiles.Png(TrainingData.Faces[9].Pixels));
        var (a, b) = (Scores(members[0], path), Scores(members[1], path));
        Assert.That(Scores(EmotionModel.Load(Folder.Path("aba.zip")), path), Is.EqualTo(a.Zip(b, (x, y) => 0.75f * x + 0.25f * y))
            .Within(1e-5f));
    }

    [Test]
    public void Save_WhatDoesntFit_IsRefused()
    {
        var seven = Train("a", 1, TestTimeAugmentation.None);
        var three = Train("t", 1, TestTimeAugmentation.None, EmotionTask.Three);
        Assert.That(() => ModelEnsemble.Save([seven], Folder.Path("e.zip")),
            Throws.ArgumentException.With.Message.Contains("two or more members; 1 given"));
        Assert.That(() => ModelEnsemble.Save([seven, three], Folder.Path("e.zip")),
            Throws.ArgumentException.With.Message.Contains("model.zip scores happy, sad, neutral, but model.zip scores anger"));
        Folder.Write("e.zip", [1]);
        Assert.That(() => ModelEnsemble.Save([seven, seven], Folder.Path("e.zip")), Throws.TypeOf<IOException>());
    }

    private static float[] Scores(EmotionModel model, string face)
    {
        using var predictor = model.CreatePredictor();
        return [.. predictor.Predict(face).Scores.Select(score => score.Score)];
    }

    private EmotionModel Train(string name, int seed, TestTimeAugmentation averaging, EmotionTask? task = null) =>
        EmotionModel.Load(TrainingRun.Execute(new TrainingRunOptions
        {
            Dataset = TrainingData.Faces,
            Task = task ?? EmotionTask.Seven,
            Preset = NetworkPreset.Tiny,
            Training = NetworkPreset.Tiny.Defaults with { Epochs = 2, Seed = seed, TestTimeAugmentation = averaging },
            OutputFolder = Folder.Path(name),
        }).ModelPath);
}
