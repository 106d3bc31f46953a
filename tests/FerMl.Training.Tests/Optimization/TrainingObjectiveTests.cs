using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training.Tests;

public class TrainingObjectiveTests
{
    private static readonly int[] Counts = [100, 10, 50];

    [Test]
    public void Of_Plain_IsCrossEntropy() => Compare(new(), (logits, labels, _) => functional.cross_entropy(logits, labels));

    [Test]
    public void Of_LabelSmoothing_IsTorchs() =>
        Compare(new() { LabelSmoothing = 0.2 }, (logits, labels, _) => functional.cross_entropy(logits, labels, label_smoothing: 0.2));

    [Test]
    public void Of_ClassWeights_IsTorchsWeightedMean() => Compare(new() { ClassWeighting = ClassWeighting.InverseFrequency },
        (logits, labels, _) => functional.cross_entropy(logits, labels, weight: tensor(new[] { 0.01f, 0.1f, 0.02f })));

    [Test]
    public void Of_Focal_CountsWhatIsRightLess() => Compare(new() { FocalGamma = 2 },
        (logits, labels, targets) => -(targets * (1 - logits.softmax(1)).square() * logits.log_softmax(1)).sum() / labels.shape[0]);

    [Test]
    public void Weights_RareClassesCountMore_AndTheMeanFaceCountsOne()
    {
        Assert.That(TrainingObjective.Weights(ClassWeighting.None, Counts), Is.Null);
        foreach (var weighting in (ClassWeighting[])[ClassWeighting.InverseFrequency, ClassWeighting.EffectiveNumber])
        {
            var weights = TrainingObjective.Weights(weighting, Counts)!;
            Assert.That(weights[1], Is.GreaterThan(weights[2]).And.GreaterThan(weights[0]));
            Assert.That(weights.Zip(Counts, (weight, count) => weight * count).Sum() / Counts.Sum(), Is.EqualTo(1).Within(1e-6));
        }
        var inverse = TrainingObjective.Weights(ClassWeighting.InverseFrequency, Counts)!;
        Assert.That(inverse[1] / inverse[0], Is.EqualTo(10).Within(1e-4));
        // (1 - 0.999^100) / (1 - 0.999^10)
        var effective = TrainingObjective.Weights(ClassWeighting.EffectiveNumber, Counts)!;
        Assert.That(effective[1] / effective[0], Is.EqualTo(9.5637).Within(1e-3));
    }

    [Test]
    public void Weights_ClassWithoutFaces_HasAFiniteOne() =>
        Assert.That(TrainingObjective.Weights(ClassWeighting.InverseFrequency, [5, 0, 10]), Is.All.InRange(0.1f, 10f));

    private static void Compare(EmotionTrainerOptions options, Func<Tensor, Tensor, Tensor, Tensor> expected)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var logits = randn(20, 3) * 2;
        var labels = randint(0, 3, 20);
        var targets = functional.one_hot(labels, 3).to(ScalarType.Float32);
        using var objective = new TrainingObjective(options, Counts, CPU);
        Assert.That(objective.Of(logits, targets).item<float>(), Is.EqualTo(expected(logits, labels, targets).item<float>()).Within(1e-5));
    }
}
