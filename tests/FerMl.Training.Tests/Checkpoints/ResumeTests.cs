using FerMl.Tests;

namespace FerMl.Training.Tests;

public class ResumeTests : FolderTests
{
    /// <summary>Everything that a training carries from step to step: momentum, averages, a schedule, dropout, changes of faces, drawing.</summary>
    private static EmotionTrainerOptions Everything(OptimizerKind optimizer) => TrainingData.Quick with
    {
        Network = NetworkPreset.Fast.Network(0.2),
        Epochs = 3,
        Optimizer = optimizer,
        LearningRate = optimizer == OptimizerKind.Sgd ? 0.05 : 0.002,
        WeightDecay = 0.001,
        Schedule = LearningRateSchedule.OneCycle,
        WarmUpEpochs = 0.5,
        WeightAverageDecay = 0.95,
        LabelSmoothing = 0.1,
        Augmentation = new AugmentationOptions { MixupAlpha = 0.2 },
        BalancedSampling = 0.5,
        StartSide = 40,
        Precision = Precision.BFloat16,
        Averaging = ScoreAveraging.Flip,
        CheckpointMinutes = 1e-9,
    };

    [Test]
    public void Resumed_TrainsTheSameModel([Values] OptimizerKind optimizer, [Values(1, 9, 18, 19, 40, 53)] int stopAfter)
    {
        var options = Everything(optimizer);
        using var whole = TrainingData.Fit(options);

        using var stop = new CancellationTokenSource();
        var steps = 0;
        var begun = options with { CheckpointFolder = Folder.Root, CancellationToken = stop.Token, StepProgress = new Count(() => { if (++steps == stopAfter) stop.Cancel(); }) };
        Assert.That(() => TrainingData.Fit(begun), Throws.InstanceOf<OperationCanceledException>());
        using var resumed = TrainingData.Fit(options with { CheckpointFolder = Folder.Root, Resume = true, StepProgress = new Count(() => steps++) });

        Assert.That(steps, Is.EqualTo(3 * 18), "no step is done twice");
        Assert.That(resumed.Onnx.ToArray(), Is.EqualTo(whole.Onnx.ToArray()));
        Assert.That(resumed.History.Select(Results), Is.EqualTo(whole.History.Select(Results)));

        static object Results(EpochReport report) => report with { ImagesPerSecond = 0, Seconds = 0 };
    }

    [Test]
    public void Resumed_AfterItsEnd_GivesTheSameModelAtOnce()
    {
        var options = TrainingData.Quick with { CheckpointFolder = Folder.Root };
        using var whole = TrainingData.Fit(options);
        var steps = 0;
        using var again = TrainingData.Fit(options with { Resume = true, StepProgress = new Count(() => steps++) });
        Assert.That(steps, Is.Zero);
        Assert.That(again.Onnx.ToArray(), Is.EqualTo(whole.Onnx.ToArray()));
    }

    [Test]
    public void Resume_WithoutACheckpoint_Begins()
    {
        using var model = TrainingData.Fit(TrainingData.Quick with { CheckpointFolder = Folder.Root, Resume = true });
        Assert.That(model.History, Has.Count.EqualTo(2));
    }

    [Test]
    public void Fit_OverAnEarlierCheckpoint_IsRefused()
    {
        var options = TrainingData.Quick with { CheckpointFolder = Folder.Root, Epochs = 1 };
        TrainingData.Fit(options).Dispose();
        Assert.That(() => TrainingData.Fit(options), Throws.TypeOf<CheckpointException>().With.Message.Contains("go on from it with Resume (--resume), or give another folder"));
    }

    [Test]
    public void Resume_AnotherTraining_IsRefused()
    {
        var options = TrainingData.Quick with { CheckpointFolder = Folder.Root, Epochs = 1 };
        TrainingData.Fit(options).Dispose();
        var resumed = options with { Resume = true };
        foreach (var (other, faces) in new[] { (resumed with { LearningRate = 0.5 }, TrainingData.Faces), (resumed with { Network = NetworkPreset.Fast.Network(0) }, TrainingData.Faces), (resumed, SyntheticFaces.Create(700, seed: 32)) })
            Assert.That(() => TrainingData.Fit(other, faces), Throws.TypeOf<CheckpointException>().With.Message.Contains("is of another training: its options, network or data differ"));
    }

    private sealed class Count(Action also) : IProgress<StepReport>
    {
        public void Report(StepReport value) => also();
    }
}
