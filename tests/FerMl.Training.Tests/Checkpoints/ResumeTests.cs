using FerMl.Tests;

namespace FerMl.Training.Tests;

public class ResumeTests : FolderTests
{
    /// <summary>Few faces: what matters is at which of an epoch's nine steps a training stops.</summary>
    private static readonly FerDataset Faces = SyntheticFaces.Create(350, seed: 31);
    private const int Steps = 9;

    /// <summary>
    /// All state that a training carries from step to step: momentum, EMA, schedule, dropout, augmentation, sampling.
    /// </summary>
    private static EmotionTrainerOptions Everything(OptimizerKind optimizer) => TrainingData.Quick with
    {
        Network = NetworkPreset.Fast.Network(new(0.2)),
        Epochs = 3,
        Optimizer = optimizer,
        LearningRate = optimizer == OptimizerKind.Sgd ? 0.05 : 0.002,
        WeightDecay = 0.001,
        Schedule = LearningRateSchedule.OneCycle,
        WarmUpEpochs = 0.5,
        EmaDecay = 0.95,
        LabelSmoothing = 0.1,
        Augmentation = new AugmentationOptions { MixupAlpha = 0.2 },
        BalancedSampling = 0.5,
        InitialImageSize = 40,
        Precision = Precision.BFloat16,
        TestTimeAugmentation = TestTimeAugmentation.Flip,
        // With an automatic number of threads, sums would depend on the machine's load.
        Execution = new() { CheckpointMinutes = 1e-9, Threads = 1 },
    };

    /// <summary>An uninterrupted training per optimizer, with which the interrupted ones are compared.</summary>
    private static readonly Dictionary<OptimizerKind, Lazy<(byte[] Onnx, object[] History)>> Uninterrupted = Enum.GetValues<OptimizerKind>()
        .ToDictionary(
        optimizer => optimizer,
        optimizer => new Lazy<(byte[], object[])>(() =>
        {
            using var whole = TrainingData.Fit(Everything(optimizer), Faces);
            return (whole.Onnx.ToArray(), [.. whole.History.Select(Results)]);
        }));

    private static object Results(EpochReport report) => report with { ImagesPerSecond = 0, Seconds = 0 };

    [Test, Category("Slow")]
    public void Resumed_WithEveryMix_CropsAndDropout_TrainsTheSameModel([Values(2, 7)] int reportEvery)
    {
        var options = TrainingData.Quick with
        {
            Network = NetworkPreset.Fast.Network(new(0.1, BlockDropout: 0.2)),
            Optimizer = OptimizerKind.Sgd,
            EmaDecay = 0.95,
            GradientClipNorm = 1,
            CropSize = 40,
            ViewsPerFace = 2,
            TestTimeAugmentation = TestTimeAugmentation.FiveCrop,
            Augmentation = new AugmentationOptions { MixupAlpha = 0.4, CutMixAlpha = 1, MixesPairwise = true },
            Execution = new() { CheckpointMinutes = 1e-9, ReportEverySteps = reportEvery, FeedThreads = 3, Threads = 1 },
        };
        using var whole = TrainingData.Fit(options, Faces);
        using var stop = new CancellationTokenSource();
        var readings = 0;
        var begun = options.Execution with
        {
            CheckpointFolder = Folder.Root,
            CancellationToken = stop.Token,
            StepProgress = new Count(() => { if (++readings == 3) stop.Cancel(); }),
        };
        Assert.That(() => TrainingData.Fit(options with { Execution = begun }, Faces), Throws.InstanceOf<OperationCanceledException>());
        using var resumed = TrainingData.Fit(
            options with { Execution = options.Execution with { CheckpointFolder = Folder.Root, Resume = true, FeedThreads = 1 } }, Faces);
        Assert.That(resumed.Onnx.ToArray(), Is.EqualTo(whole.Onnx.ToArray()));
        Assert.That(resumed.History.Select(report => report.TrainingAccuracy), Is.EqualTo(whole.History.Select(r => r.TrainingAccuracy)));
    }

    [Test, Category("Slow")]
    public void Resumed_TrainsTheSameModel([Values] OptimizerKind optimizer, [Values(1, 9, 10, 26)] int stopAfter)
    {
        var options = Everything(optimizer);
        using var stop = new CancellationTokenSource();
        var steps = 0;
        var begun = options with
        {
            Execution = options.Execution with
            {
                CheckpointFolder = Folder.Root,
                CancellationToken = stop.Token,
                StepProgress = new Count(() => { if (++steps == stopAfter) stop.Cancel(); }),
            },
        };
        Assert.That(() => TrainingData.Fit(begun, Faces), Throws.InstanceOf<OperationCanceledException>());
        using var resumed = TrainingData.Fit(options with
        {
            Execution = options.Execution with { CheckpointFolder = Folder.Root, Resume = true, StepProgress = new Count(() => steps++) },
        }, Faces);

        Assert.That(steps, Is.EqualTo(3 * Steps), "no step runs twice");
        var (onnx, history) = Uninterrupted[optimizer].Value;
        Assert.That(resumed.Onnx.ToArray(), Is.EqualTo(onnx));
        Assert.That(resumed.History.Select(Results), Is.EqualTo(history));
    }

    [Test]
    public void Resumed_AfterItsEnd_GivesTheSameModelAtOnce()
    {
        var options = TrainingData.Quick with { Execution = TrainingData.Quick.Execution with { CheckpointFolder = Folder.Root } };
        using var whole = TrainingData.Fit(options);
        var steps = 0;
        using var again = TrainingData.Fit(options with
        {
            Execution = options.Execution with { Resume = true, StepProgress = new Count(() => steps++) },
        });
        Assert.That(steps, Is.Zero);
        Assert.That(again.Onnx.ToArray(), Is.EqualTo(whole.Onnx.ToArray()));
    }

    [Test]
    public void Resume_WithoutACheckpoint_Begins()
    {
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            Execution = TrainingData.Quick.Execution with { CheckpointFolder = Folder.Root, Resume = true },
        });
        Assert.That(model.History, Has.Count.EqualTo(2));
    }

    [Test]
    public void Fit_OverAnEarlierCheckpoint_IsRefused()
    {
        var options = TrainingData.Quick with
        {
            Epochs = 1,
            Execution = TrainingData.Quick.Execution with { CheckpointFolder = Folder.Root },
        };
        TrainingData.Fit(options).Dispose();
        Assert.That(() => TrainingData.Fit(options),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("continue it with Execution.Resume, or give another folder"));
    }

    [Test]
    public void Resume_AnotherTraining_IsRefused()
    {
        var options = TrainingData.Quick with
        {
            Epochs = 1,
            Execution = TrainingData.Quick.Execution with { CheckpointFolder = Folder.Root },
        };
        TrainingData.Fit(options).Dispose();
        var resumed = options with { Execution = options.Execution with { Resume = true } };
        foreach (var (other, faces, difference) in new[]
        {
            (resumed with { LearningRate = 0.5 }, TrainingData.Faces, "learningRate was 0.003 and is 0.5"),
            (resumed with { Network = NetworkPreset.Fast.Network(new(0)) }, TrainingData.Faces, "its layers differ"),
            (resumed, SyntheticFaces.Create(700, seed: 32), "its data differ"),
        })
            Assert.That(() => TrainingData.Fit(other, faces),
                Throws.TypeOf<CheckpointException>().With.Message.Contains($"is of another training: {difference}"));
    }

    private sealed class Count(Action also) : IProgress<StepReport>
    {
        public void Report(StepReport value) => also();
    }
}
