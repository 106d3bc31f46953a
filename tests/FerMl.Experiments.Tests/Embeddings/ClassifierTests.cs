using FerMl.Training;

namespace FerMl.Experiments.Tests;

public class ClassifierTests
{
    private const string Model = "ferplus-fast";
    private static readonly string[] Names = ["left", "right", "middle"];

    private static FerDataset Faces { get; } = SyntheticFaces.Create(70);

    /// <summary>Three clusters that a linear boundary in one dimension can't separate, but trees can.</summary>
    private static (float[][] Embeddings, int[] Truth) Clouds(int count, int inputs, int seed)
    {
        var random = new Random(seed);
        var truth = Enumerable.Range(0, count).Select(i => i % 3).ToArray();
        return ([.. truth.Select(label => Enumerable.Range(0, inputs).Select(
            i => (i == 2 ? label switch { 0 => -3, 1 => 3, _ => 0 } : 0) + random.NextSingle() - 0.5f).ToArray())], truth);
    }

    [Test]
    public void TreesInANetwork_GiveTheScoresOfTheTrees()
    {
        using var predictor = EmotionModel.Find(Model).CreatePredictor();
        var embeddings = predictor.Embed(Faces);
        int[] truth = [.. Faces.Samples.Select(face => face.Code % 3)];
        var trees = (TreeClassifier)((EmbeddingPipeline)EmotionPipeline.FastTree(Model)).Classifier(
            EmotionModel.Find(Model), [.. embeddings], truth, Names, EmotionPipeline.FastTree(Model).First, 1);
        var onnx = EmbeddingModel.Network(EmotionModel.Find(Model), trees, Names, 2);
        using var network = new EmotionPredictor(EmotionNetwork.Open(onnx, "trees"));
        var right = 0;
        foreach (var (face, prediction) in Faces.Samples.Zip(network.Predict(Faces)))
        {
            var logits = trees.Logits(embeddings[face.Index]);
            var expected = TemperatureScaling.Scores([new WeightedLogits(logits, 1)], 3, 2);
            Assert.That(prediction.Scores.Select(score => score.Score), Is.EqualTo(expected).Within(1e-4));
            right += prediction.Label == Names[truth[face.Index]] ? 1 : 0;
        }
        Assert.That(right, Is.GreaterThan(55), "the classifier learned something");
    }

    [Test]
    public void ALinearClassifierInANetwork_GivesItsOwnScores_AndTheModelsOwnHeadGivesTheModels()
    {
        var model = EmotionModel.Find(Model);
        var head = PretrainedHead.Of(model, model.Labels)!;
        using var own = model.CreatePredictor();
        using var copied = new EmotionPredictor(EmotionNetwork.Open(EmbeddingModel.Network(model, head, model.Labels, 1), "head"));
        // The copied head averages embeddings over views; the model averages scores.
        var differences = own.Predict(Faces).Zip(copied.Predict(Faces)).SelectMany(
            pair => pair.First.Scores.Zip(pair.Second.Scores, (before, after) => Math.Abs(before.Score - after.Score))).ToArray();
        Assert.That(differences.Average(), Is.LessThan(0.02));
        Assert.That(differences.Max(), Is.LessThan(0.2));
        Assert.That(PretrainedHead.Of(model, ["happy", "glasses"]), Is.Null);
        Assert.That(PretrainedHead.Partly(model, ["happy", "glasses"])!.Weights[1], Is.All.Zero);
        Assert.That(PretrainedHead.Partly(model, ["hat", "glasses"]), Is.Null);
    }

    [Test]
    public void PriorRegression_IsThePriorWhereItIsStrong_AndFitsTheFacesWhereItIsWeak()
    {
        var (embeddings, truth) = Clouds(150, 5, 1);
        var prior = new LinearClassifier([[1, 2, 0, 0, 0], [0, -1, 0, 0, 0], [0, 0, 0, 0, 1]], [0.1f, 0.2f, -0.3f]);
        var strong = PriorRegression.Fit(embeddings, truth, prior, 1e6);
        for (var label = 0; label < 3; label++)
            Assert.That(strong.Weights[label], Is.EqualTo(prior.Weights[label]).Within(1e-3));
        var weak = PriorRegression.Fit(embeddings, truth, prior, 1e-4);
        Assert.That(AccuracyOf(weak, embeddings, truth), Is.GreaterThan(0.98));
        Assert.That(AccuracyOf(prior, embeddings, truth), Is.LessThan(0.6));
    }

    [Test]
    public void LbfgsAndSdca_LearnWhatALineCanTell()
    {
        var (embeddings, truth) = Clouds(300, 6, 2);
        var (unseen, unseenTruth) = Clouds(150, 6, 3);
        var model = EmotionModel.Find(Model);
        foreach (var pipeline in (EmotionPipeline[])[EmotionPipeline.Lbfgs(Model), EmotionPipeline.Sdca(Model)])
        {
            var fitted = ((EmbeddingPipeline)pipeline).Classifier(model, embeddings, truth, Names, pipeline.First, 1);
            Assert.That(AccuracyOf(fitted, unseen, unseenTruth), Is.GreaterThan(0.97), pipeline.Name);
        }
    }

    private static double AccuracyOf(EmbeddingClassifier classifier, float[][] embeddings, int[] truth) =>
        embeddings.Zip(truth, (row, label) => Array.IndexOf(classifier.Logits(row), classifier.Logits(row).Max()) == label ? 1.0 : 0)
            .Average();
}
