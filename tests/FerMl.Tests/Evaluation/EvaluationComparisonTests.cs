namespace FerMl.Tests;

public class EvaluationComparisonTests
{
    [TestCase(0, 0, 1)]
    [TestCase(5, 5, 1)]
    // Two-sided, of ten: 2 * (1 + 10) / 1024.
    [TestCase(1, 9, 0.021484375)]
    [TestCase(9, 1, 0.021484375)]
    public void Exact_IsTwiceTheSmallerTail(int one, int other, double expected) =>
        Assert.That(EvaluationComparison.Exact(one, other), Is.EqualTo(expected).Within(1e-9));

    [Test]
    public void Exact_OfThousands_IsANumber() => Assert.That(EvaluationComparison.Exact(4_000, 5_000), Is.GreaterThan(0)
        .And.LessThan(1e-20));

    [Test]
    public void TwoModels_AreComparedOnTheSameFaces()
    {
        var faces = SyntheticFaces.Create(140);
        using var one = EmotionPredictor.LoadDefault("ferplus-fast");
        using var other = EmotionPredictor.LoadDefault("fer7-fast");
        var options = new EvaluationOptions { Usages = [Usage.Training], Task = EmotionTask.Seven };
        var (first, second) = (EmotionEvaluation.Run(one, faces, options), EmotionEvaluation.Run(other, faces, options));
        var comparison = first.CompareWith("one", second, "other");
        Assert.That(comparison.OnlyFirst - comparison.OnlySecond,
            Is.EqualTo((first.Metrics.Accuracy - second.Metrics.Accuracy) * first.Faces.Count).Within(1e-6));
        Assert.That(comparison.ToHtml(), Does.Contain("McNemar").And.Contain("recall of happy"));
        var elsewhere = EmotionEvaluation.Run(other, faces.Where(face => face.Emotion != Emotion.Sad), options);
        Assert.That(() => first.CompareWith("one", elsewhere, "other"), Throws.ArgumentException);
    }

    [Test]
    public void Run_WithoutUsages_TakesTheOnlyTestPart()
    {
        using var predictor = EmotionPredictor.LoadDefault("fer7-fast");
        var faces = SyntheticFaces.Create(140);
        Assert.That(EmotionEvaluation.Run(predictor, faces).Usages, Is.EqualTo(new[] { Usage.PublicTest }));
        var folders = faces.Where(face => face.Usage != Usage.PublicTest);
        Assert.That(EmotionEvaluation.Run(predictor, folders).Usages, Is.EqualTo(new[] { Usage.PrivateTest }));
        Assert.That(() => EmotionEvaluation.Run(predictor, faces.Where(face => face.Usage == Usage.Training)),
            Throws.TypeOf<FerDataException>());
    }

    [Test]
    public void Predictions_AreAListThatShowsItself()
    {
        using var predictor = EmotionPredictor.LoadDefault("fer7-fast");
        var predictions = predictor.Predict(SyntheticFaces.Create(70));
        Assert.That(((IHtmlValue)predictions).ToHtml(), Does.StartWith("<table>").And.Contain("70 predictions, the first 50 of them"));
        Assert.That(predictions.Select((prediction, i) => ReferenceEquals(prediction, predictions[i])), Is.All.True);
    }
}
