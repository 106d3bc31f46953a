using System.Text.Json;
using Microsoft.ML;

namespace FerMl.Tests;

public class EmotionEvaluationTests
{
    private EmotionPredictor _seven = null!;
    private EmotionPredictor _three = null!;

    [OneTimeSetUp]
    public void Load() =>
        (_seven, _three) = (EmotionPredictor.Load(TrainedModels.SevenPath), EmotionPredictor.Load(TrainedModels.ThreePath));

    [OneTimeTearDown]
    public void Unload()
    {
        _seven.Dispose();
        _three.Dispose();
    }

    [Test]
    public void Run_DefaultsToPublicTest()
    {
        var evaluation = EmotionEvaluation.Run(_seven, TrainedModels.Faces);
        Assert.That(evaluation.Metrics.Count, Is.EqualTo(210));
        Assert.That(evaluation.Metrics.Accuracy, Is.GreaterThan(0.6), "four epochs reach that");
        Assert.That((evaluation.Excluded, evaluation.DuplicatesInTraining), Is.EqualTo((0, 0)));
        Assert.That(evaluation.AccuracyWithoutDuplicates, Is.EqualTo(evaluation.Metrics.Accuracy));
    }

    [Test]
    public void Run_ModelOfThreeOnSeven_LeavesTheOthersOut_AndCountsOnlyWhatItScores()
    {
        var counts = new Counts();
        var evaluation = EmotionEvaluation.Run(_three, TrainedModels.Faces, new EvaluationOptions { Progress = counts });
        Assert.That(counts.Most, Is.EqualTo(90));
        Assert.That(evaluation.Metrics.Labels, Is.EqualTo(EmotionTask.Three.Labels));
        Assert.That((evaluation.Metrics.Count, evaluation.Excluded), Is.EqualTo((90, 120)));
    }

    [Test]
    public void Run_ModelOfSevenOnThree_ScoresTheseLabelsAlone()
    {
        var evaluation = EmotionEvaluation.Run(_seven, TrainedModels.Faces, new EvaluationOptions { Task = EmotionTask.Three });
        var faces = TrainedModels.Faces.Where(face => face.Usage == Usage.PublicTest).FilterByTask(EmotionTask.Three);
        var hits = _seven.Predict(faces).Zip(faces.Samples).Count(pair =>
            pair.First.Scores.Where(score => EmotionTask.Three.Labels.Contains(score.Label))
            .MaxBy(score => score.Score).Label == pair.Second.Emotion.ToLabel());
        Assert.That(evaluation.Metrics.Count, Is.EqualTo(90));
        Assert.That(evaluation.Metrics.Accuracy, Is.EqualTo(hits / 90.0).Within(1e-9));
        Assert.That(evaluation.Faces.Count(face => face.IsRight), Is.EqualTo(hits));
        Assert.That(evaluation.Faces[0].Prediction.Scores.Select(score => score.Label), Is.EqualTo(EmotionTask.Three.Labels));
    }

    [Test]
    public void Run_LabelThatTheModelLacks_IsRefused() => Assert.That(
        () => EmotionEvaluation.Run(_three, TrainedModels.Faces, new EvaluationOptions { Task = EmotionTask.Seven }),
        Throws.ArgumentException.With.Message.EqualTo("The model does not predict 'anger'; its labels are happy, sad, neutral."));

    [Test]
    public void Run_LeakedFaces_AreCountedAndLeftOut()
    {
        // Copies every happy face of PublicTest into Training.
        var leaked = TrainedModels.Faces.Samples.Where(face => face.Usage == Usage.PublicTest && face.Emotion == Emotion.Happy).ToArray();
        var dataset = FerDataset.Create(
            "leaky", TrainedModels.Faces.Samples.Select(face => (face.Pixels.ToArray(), face.Emotion, face.Usage))
            .Concat(leaked.Select(face => (face.Pixels.ToArray(), face.Emotion, Usage.Training))));
        var evaluation = EmotionEvaluation.Run(_seven, dataset);
        var rest = EmotionEvaluation.Run(_seven, TrainedModels.Faces.Where(face => face.Emotion != Emotion.Happy));
        Assert.That(evaluation.DuplicatesInTraining, Is.EqualTo(leaked.Length));
        Assert.That(evaluation.AccuracyWithoutDuplicates, Is.EqualTo(rest.Metrics.Accuracy).Within(1e-9));
    }

    [Test]
    public void Run_OfLeakedFacesOnly_HasNoAccuracyWithoutThem()
    {
        var pixels = TrainedModels.Faces[0].Pixels.ToArray();
        var dataset = FerDataset.Create("leaked", [(pixels, Emotion.Happy, Usage.Training), (pixels, Emotion.Happy, Usage.PublicTest)]);
        var evaluation = EmotionEvaluation.Run(_seven, dataset);
        Assert.That((evaluation.DuplicatesInTraining, evaluation.AccuracyWithoutDuplicates), Is.EqualTo(((int?)1, (double?)null)));
    }

    [Test]
    public void Run_NoTrainingPart_KnowsNothingOfDuplicates()
    {
        var evaluation = EmotionEvaluation.Run(_seven, TrainedModels.Faces.Where(face => face.Usage == Usage.PublicTest));
        Assert.That((evaluation.DuplicatesInTraining, evaluation.AccuracyWithoutDuplicates), Is.EqualTo(((int?)null, (double?)null)));
    }

    [TestCase(Usage.Training)]
    [TestCase(Usage.Training, Usage.PublicTest)]
    public void Run_OfTheTrainingPart_KnowsNothingOfDuplicates(params Usage[] usages)
    {
        var evaluation = EmotionEvaluation.Run(_seven, TrainedModels.Faces, new EvaluationOptions { Usages = usages });
        Assert.That((evaluation.DuplicatesInTraining, evaluation.AccuracyWithoutDuplicates), Is.EqualTo(((int?)null, (double?)null)));
    }

    [Test]
    public void Run_NoFaceOfTheUsage_IsAnError() => Assert.That(
        () => EmotionEvaluation.Run(_seven, TrainedModels.Faces.Where(face => face.Usage == Usage.Training)),
        Throws.TypeOf<FerDataException>().With.Message.Contains("has no PublicTest faces"));

    [Test]
    public void ToJson_HasTheDocumentedKeys()
    {
        var json = JsonDocument.Parse(
            EmotionEvaluation.Run(_seven, TrainedModels.Faces.Where(face => face.Usage == Usage.PublicTest)).ToJson()).RootElement;
        Assert.That(json.EnumerateObject().Select(property => property.Name), Is.EqualTo(new[]
        {
            "task", "count", "accuracy", "accuracyLow", "accuracyHigh", "macroF1", "logLoss", "ece", "perClass", "confusion",
            "duplicatesInTraining", "accuracyWithoutDuplicates", "imagesPerSecond", "annotation", "votes",
        }));
        Assert.That(json.GetProperty("perClass")[0].EnumerateObject().Select(property => property.Name),
            Is.EqualTo(new[] { "label", "precision", "recall", "f1", "support" }));
        Assert.That(json.GetProperty("accuracyWithoutDuplicates").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void EvaluateEmotions_OnADataView_IsTheSame()
    {
        var mlContext = new MLContext();
        var data = mlContext.Data.FilterByUsage(mlContext.Data.LoadFromFerDataset(TrainedModels.Faces), Usage.PublicTest);
        data = mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven).Fit(data).Transform(data);
        var metrics = mlContext.MulticlassClassification.EvaluateEmotions(
            mlContext.Model.Load(TrainedModels.SevenPath, out _).Transform(data));
        var expected = EmotionEvaluation.Run(_seven, TrainedModels.Faces).Metrics;
        Assert.That(metrics.Confusion, Is.EqualTo(expected.Confusion));
        Assert.That(metrics.LogLoss, Is.EqualTo(expected.LogLoss).Within(1e-4));
    }

    [Test]
    public void EvaluateEmotions_LabelIsText_SaysWhatIsExpected()
    {
        var mlContext = new MLContext();
        var data = mlContext.Model.Load(TrainedModels.SevenPath, out _).Transform(mlContext.Data.LoadFromFerDataset(TrainedModels.Faces));
        Assert.That(() => mlContext.MulticlassClassification.EvaluateEmotions(data),
            Throws.ArgumentException.With.Message.Contains("'Label' has type String; expected a key"));
        Assert.That(() => mlContext.MulticlassClassification.EvaluateEmotions(data, "Other"),
            Throws.ArgumentException.With.Message.Contains("no column 'Other'"));
    }

    private sealed class Counts : IProgress<int>
    {
        private readonly Lock _lock = new();

        public int Most { get; private set; }

        public void Report(int value)
        {
            lock (_lock)
                Most = Math.Max(Most, value);
        }
    }
}
