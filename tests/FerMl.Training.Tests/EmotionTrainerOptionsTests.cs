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
            Assert.That(options.Execution.Threads, Is.Zero);
            Assert.That(options.Optimizer, Is.EqualTo(OptimizerKind.Adam));
            Assert.That(options.Schedule, Is.EqualTo(LearningRateSchedule.Constant));
            Assert.That(options.WarmUpEpochs, Is.Zero);
            Assert.That(options.Momentum, Is.EqualTo(0.9));
            Assert.That(options.WeightDecay, Is.Zero);
            Assert.That(options.GradientClipNorm, Is.Zero);
            Assert.That(options.LabelSmoothing, Is.Zero);
            Assert.That(options.EmaDecay, Is.Zero);
            Assert.That(options.Augmentation, Is.Null);
            Assert.That(options.InitialImageSize, Is.EqualTo(48));
            Assert.That(options.ClassWeighting, Is.EqualTo(ClassWeighting.None));
            Assert.That(options.BalancedSampling, Is.Zero);
            Assert.That(options.FocalGamma, Is.Zero);
            Assert.That(options.VotesColumnName, Is.EqualTo("Votes"));
            Assert.That(options.VotesWeight, Is.Zero);
            Assert.That(options.Teachers, Is.Empty);
            Assert.That(options.TeacherWeight, Is.Zero);
            Assert.That(options.KeepLastEpoch, Is.False);
            Assert.That(options.Precision, Is.EqualTo(Precision.Auto));
            Assert.That(options.Execution.Device, Is.EqualTo("auto"));
            Assert.That(options.TestTimeAugmentation, Is.EqualTo(TestTimeAugmentation.None));
            Assert.That(options.WeightFormat, Is.EqualTo(WeightFormat.Float32));
            Assert.That(options.InitializeFrom, Is.Null);
            Assert.That(options.Calibrate, Is.True);
            Assert.That(options.Execution.CheckpointFolder, Is.Null);
            Assert.That(options.Execution.CheckpointMinutes, Is.EqualTo(5));
            Assert.That(options.Execution.Resume, Is.False);
            Assert.That(options.Execution.KeepBestOnCancel, Is.False);
            Assert.That(options.Execution.CancellationToken, Is.EqualTo(CancellationToken.None));
            Assert.That(options.Execution.EpochProgress, Is.Null);
            Assert.That(options.Execution.StepProgress, Is.Null);
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
        yield return Case(good with { AuxiliaryWeight = 1 }, "AuxiliaryWeight is 1; it must be between 0 and 1 exclusive");
        yield return Case(good with { AuxiliaryHead = (AuxiliaryHead)9 }, "AuxiliaryHead is");
        yield return Case(good with { VotesMode = (VotesMode)9 }, "VotesMode is");
        yield return Case(
            good with { AuxiliaryHead = AuxiliaryHead.FerPlus, FocalGamma = 1 }, "AuxiliaryHead is FerPlus; it must be None with a focal");
        yield return Case(good with { ValidationFraction = -0.1 }, "ValidationFraction is -0.1; it must be between 0 and 0.9");
        yield return Case(good with { ValidationFraction = 0.91 }, "ValidationFraction");
        yield return Case(good with { EarlyStoppingPatience = -1 }, "EarlyStoppingPatience is -1; it must be between 0 and 10000");
        yield return Case(good with { EarlyStoppingPatience = 10_001 }, "EarlyStoppingPatience");
        yield return Case(good with { Optimizer = (OptimizerKind)9 }, "Optimizer is");
        yield return Case(good with { Schedule = (LearningRateSchedule)9 }, "Schedule is");
        yield return Case(good with { WarmUpEpochs = -1 }, "WarmUpEpochs is -1; it must be between 0 and 1000");
        yield return Case(good with { Epochs = 3, WarmUpEpochs = 3 }, "WarmUpEpochs is 3; it must be less than the 3 epochs");
        yield return Case(good with { Momentum = 1 }, "Momentum is 1; it must be between 0 and 1 exclusive");
        yield return Case(good with { WeightDecay = 1.1 }, "WeightDecay is 1.1; it must be between 0 and 1");
        yield return Case(good with { GradientClipNorm = -1 }, "GradientClipNorm is -1; it must be between 0 and 10000");
        yield return Case(good with { LabelSmoothing = 1 }, "LabelSmoothing is 1; it must be between 0 and 1 exclusive");
        yield return Case(good with { EmaDecay = 1 }, "EmaDecay is 1; it must be between 0 and 1 exclusive");
        yield return Case(good with { InitialImageSize = 47 }, "InitialImageSize is 47; it must be 24, 32, 40 or 48");
        yield return Case(good with
        {
            InitialImageSize = 32,
            Network = NetworkPreset.PaperCnnBiLstm.Network(new(0)),
        }, "InitialImageSize is 32; it must be 48 for the network 'paper-cnn-bilstm'");
        yield return Case(good with { ClassWeighting = (ClassWeighting)9 }, "ClassWeighting is");
        yield return Case(good with { BalancedSampling = 1.1 }, "BalancedSampling is 1.1; it must be between 0 and 1");
        yield return Case(good with { FocalGamma = 11 }, "FocalGamma is 11; it must be between 0 and 10");
        yield return Case(good with { VotesColumnName = "" }, "VotesColumnName");
        yield return Case(good with { VotesWeight = 2 }, "VotesWeight is 2; it must be between 0 and 1");
        yield return Case(good with { TeacherWeight = -1 }, "TeacherWeight is -1; it must be between 0 and 1");
        yield return Case(good with { TeacherWeight = 0.5 }, "TeacherWeight is 0.5; it must be 0 without teachers");
        yield return Case(good with { Precision = (Precision)9 }, "Precision is");
        yield return Case(good with { Execution = good.Execution with { Device = "gpu" } }, "Device is gpu");
        yield return Case(good with { TestTimeAugmentation = (TestTimeAugmentation)9 }, "TestTimeAugmentation is");
        yield return Case(good with { WeightFormat = (WeightFormat)9 }, "WeightFormat is");
        yield return Case(good with
        {
            Execution = good.Execution with { CheckpointMinutes = 0 },
        }, "CheckpointMinutes is 0; it must be between 0 exclusive and 1440");
        yield return Case(good with
        {
            Execution = good.Execution with { Resume = true },
        }, "Resume is True; it must be False without a CheckpointFolder");
        yield return Case(good with { Execution = good.Execution with { Threads = -1 } }, "Threads is -1; it must be between 0 and 1024");
        yield return Case(good with { Execution = good.Execution with { Threads = 1_025 } }, "Threads");

        static TestCaseData Case(EmotionTrainerOptions options, string expected) =>
            new TestCaseData(options, expected).SetArgDisplayNames(expected, options.ToString());
    }

    [TestCaseSource(nameof(Rejected))]
    public void Trainer_ValueOutOfRange_IsRefusedBeforeAnyWork(EmotionTrainerOptions options, string expected) => Assert.That(
        () => new MLContext().MulticlassClassification.Trainers.CnnBiLstm(options),
        Throws.TypeOf<ValidationException>().With.Message.Contains(expected));

    [Test]
    public void Trainers_SimpleArguments_AreChecked() => Assert.That(
        () => new MLContext().MulticlassClassification.Trainers.Cnn(epochs: 0),
        Throws.TypeOf<ValidationException>().With.Message.Contains("Epochs"));

    [Test]
    public void Trainers_NetworkOfTheOtherKind_IsRefused()
    {
        var trainers = new MLContext().MulticlassClassification.Trainers;
        Assert.That(() => trainers.Cnn(new EmotionTrainerOptions
        {
            Network = NetworkPreset.PaperCnnBiLstm.Network(new(0.1)),
        }), Throws.TypeOf<ValidationException>().With.Message.Contains("train it with CnnBiLstm"));
        Assert.That(() => trainers.CnnBiLstm(new EmotionTrainerOptions
        {
            Network = NetworkPreset.PaperCnn.Network(new(0.1)),
        }), Throws.TypeOf<ValidationException>().With.Message.Contains("train it with Cnn"));
    }
}
