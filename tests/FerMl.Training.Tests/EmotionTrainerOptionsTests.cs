using System.ComponentModel.DataAnnotations;
using Microsoft.ML;

namespace FerMl.Training.Tests;

public class EmotionTrainerOptionsTests
{
    [Test]
    public void Defaults_AreThePapers()
    {
        var options = new EmotionTrainerOptions();
        Assert.Multiple(() =>
        {
            Assert.That(options.LabelColumnName, Is.EqualTo("Label"));
            Assert.That(options.FeatureColumnName, Is.EqualTo("Pixels"));
            Assert.That(options.Network, Is.Null);
            Assert.That(options.Epochs, Is.EqualTo(100));
            Assert.That(options.BatchSize, Is.EqualTo(16));
            Assert.That(options.LearningRate, Is.EqualTo(0.001));
            Assert.That(options.Dropout, Is.EqualTo(0.1));
            Assert.That(options.ValidationFraction, Is.EqualTo(0.2));
            Assert.That(options.EarlyStoppingPatience, Is.EqualTo(10));
            Assert.That(options.Seed, Is.Zero);
            Assert.That(options.Threads, Is.Zero);
            Assert.That(options.FlipAverage, Is.False);
            Assert.That(options.KeepBestOnCancel, Is.False);
            Assert.That(options.CancellationToken, Is.EqualTo(CancellationToken.None));
            Assert.That(options.EpochProgress, Is.Null);
            Assert.That(options.StepProgress, Is.Null);
        });
        Assert.That(options.Validate, Throws.Nothing);
    }

    private static IEnumerable<TestCaseData> Rejected()
    {
        var good = new EmotionTrainerOptions();
        yield return Case(good with { LabelColumnName = "" }, "LabelColumnName");
        yield return Case(good with { FeatureColumnName = "" }, "FeatureColumnName");
        yield return Case(good with { Epochs = 0 }, "Epochs is 0; it must be between 1 and 10000");
        yield return Case(good with { Epochs = 10_001 }, "Epochs");
        yield return Case(good with { BatchSize = 0 }, "BatchSize is 0; it must be between 1 and 4096");
        yield return Case(good with { BatchSize = 4_097 }, "BatchSize");
        yield return Case(good with { LearningRate = 0 }, "LearningRate is 0; it must be between 0 exclusive and 10");
        yield return Case(good with { LearningRate = 10.1 }, "LearningRate");
        yield return Case(good with { LearningRate = double.NaN }, "LearningRate");
        yield return Case(good with { Dropout = -0.1 }, "Dropout is -0.1; it must be between 0 and 1 exclusive");
        yield return Case(good with { Dropout = 1 }, "Dropout");
        yield return Case(good with { ValidationFraction = -0.1 }, "ValidationFraction is -0.1; it must be between 0 and 0.9");
        yield return Case(good with { ValidationFraction = 0.91 }, "ValidationFraction");
        yield return Case(good with { EarlyStoppingPatience = -1 }, "EarlyStoppingPatience is -1; it must be between 0 and 10000");
        yield return Case(good with { EarlyStoppingPatience = 10_001 }, "EarlyStoppingPatience");
        yield return Case(good with { Threads = -1 }, "Threads is -1; it must be between 0 and 1024");
        yield return Case(good with { Threads = 1_025 }, "Threads");

        static TestCaseData Case(EmotionTrainerOptions options, string expected) => new TestCaseData(options, expected).SetArgDisplayNames(expected, options.ToString());
    }

    [TestCaseSource(nameof(Rejected))]
    public void Trainer_ValueOutOfRange_IsRefusedBeforeAnyWork(EmotionTrainerOptions options, string expected) => Assert.That(
        () => new MLContext().MulticlassClassification.Trainers.CnnBiLstm(options), Throws.TypeOf<ValidationException>().With.Message.Contains(expected));

    [Test]
    public void Trainers_SimpleArguments_AreChecked() => Assert.That(
        () => new MLContext().MulticlassClassification.Trainers.Cnn(epochs: 0), Throws.TypeOf<ValidationException>().With.Message.Contains("Epochs"));

    [Test]
    public void Trainers_NetworkOfTheOtherKind_IsRefused()
    {
        var trainers = new MLContext().MulticlassClassification.Trainers;
        Assert.That(() => trainers.Cnn(new EmotionTrainerOptions { Network = NetworkPreset.PaperCnnBiLstm.Network(0.1) }), Throws.TypeOf<ValidationException>().With.Message.Contains("train it with CnnBiLstm"));
        Assert.That(() => trainers.CnnBiLstm(new EmotionTrainerOptions { Network = NetworkPreset.PaperCnn.Network(0.1) }), Throws.TypeOf<ValidationException>().With.Message.Contains("train it with Cnn"));
    }
}
