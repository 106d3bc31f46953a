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

    [TestCase(0.1)]
    [TestCase(0.5)]
    [TestCase(1)]
    public void Of_Focal_HasGradientsAlsoWhereAFaceIsCertain(double gamma)
    {
        using var scope = NewDisposeScope();
        using var objective = new TrainingObjective(new EmotionTrainerOptions { FocalGamma = gamma }, Counts, CPU);
        var logits = tensor(new[] { 200f, 0, 0, 0, 1, 2 }, [2, 3], requires_grad: true);
        objective.Of(logits, tensor(new[] { 1f, 0, 0, 0, 0, 1 }, [2, 3])).backward();
        Assert.That(logits.grad!.data<float>().ToArray(), Is.All.Matches<float>(float.IsFinite));
        Assert.That(logits.grad!.abs().max().item<float>(), Is.InRange(1e-3, 10));
    }

    /// <summary>Label smoothing doesn't change a head's share; faces without its label don't train it.</summary>
    [Test]
    public void Of_AuxiliaryHead_IsTheSumOfTwoLossesAndWhatTheSharesCost([Values(0, 0.2)] double smoothing)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var options = new EmotionTrainerOptions
        {
            AuxiliaryHead = AuxiliaryHead.Fer2013,
            AuxiliaryWeight = 0.25,
            LabelSmoothing = smoothing,
        };
        using var objective = new TrainingObjective(options, Counts, CPU);
        var (own, further) = (randn(20, 3), randn(20, 7));
        var (labels, others) = (randint(0, 3, 20), randint(0, 7, 20));
        var targets = cat([functional.one_hot(labels, 3) * 0.75, functional.one_hot(others, 7) * 0.25], 1).to(ScalarType.Float32);
        // With each part at its share of the softmax, the remaining loss is the entropy of the shares.
        var logits = cat([own.log_softmax(1) + Math.Log(0.75), further.log_softmax(1) + Math.Log(0.25)], 1);
        var expected = 0.75 * functional.cross_entropy(own, labels, label_smoothing: smoothing).item<float>()
            + 0.25 * functional.cross_entropy(further, others, label_smoothing: smoothing).item<float>()
            - 0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25);
        Assert.That(objective.Of(logits, targets).item<float>(), Is.EqualTo(expected).Within(1e-5));
        var without = cat([functional.one_hot(labels, 3), zeros(20, 7)], 1).to(ScalarType.Float32);
        var shifted = cat([own.log_softmax(1), full(20, 7, -100f)], 1);
        Assert.That(objective.Of(shifted, without).item<float>(),
            Is.EqualTo(functional.cross_entropy(own, labels, label_smoothing: smoothing).item<float>()).Within(1e-5));
    }

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
