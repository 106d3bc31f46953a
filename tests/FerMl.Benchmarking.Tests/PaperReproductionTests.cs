using System.Text.Json;
using FerMl.Tests;

namespace FerMl.Benchmarking.Tests;

public class PaperReproductionTests : FolderTests
{
    [Test]
    public void Experiments_AreThePapers()
    {
        Assert.That(PaperExperiment.All.Select(e => (e.Name, e.Preset, e.Task.Labels.Length, e.ClaimedAccuracy, e.ClaimedLoss)),
            Is.EqualTo(new (string, NetworkPreset, int, double?, double?)[]
        {
            ("cnn-first-try", NetworkPreset.PaperCnn, 7, null, null),
            ("cnn-seven", NetworkPreset.PaperCnn, 7, 0.793, 0.61),
            ("cnn-bilstm-seven", NetworkPreset.PaperCnnBiLstm, 7, 0.796, 0.62),
            ("cnn-bilstm-three", NetworkPreset.PaperCnnBiLstm, 3, 0.890, 0.53),
        }));
        Assert.That((PaperExperiment.All[0].Options.LearningRate, PaperExperiment.All[0].Options.BatchSize,
            PaperExperiment.All[0].Options.ValidationFraction), Is.EqualTo((0.1, 32, 0.5)));
        foreach (var options in PaperExperiment.All.Skip(1).Select(experiment => experiment.Options))
        {
            Assert.That((options.Optimizer, options.LearningRate, options.Dropout, options.BatchSize, options.ValidationFraction,
                options.Epochs), Is.EqualTo((OptimizerKind.Adam, 0.001, 0.1, 16, 0.2, 100)));
            Assert.That((options.Augmentation, options.ClassWeighting, options.LabelSmoothing, options.EmaDecay),
                Is.EqualTo(((AugmentationOptions?)null, ClassWeighting.None, 0.0, 0.0)));
        }
    }

    [Test]
    public void Run_MeasuresBestAndLastEpoch_AsTheModelFileDoes()
    {
        var faces = TrainingData.Faces;
        var result = PaperReproduction.Run(Experiment(EmotionTask.Three), Options(faces));
        using var model = EmotionPredictor.Load(Folder.Path("out/model.zip"));
        var evaluation = EmotionEvaluation.Run(model, faces).Metrics;
        var inTask = faces.Samples.Count(face => face.Usage == Usage.Training && EmotionTask.Three.Contains(face.Emotion));
        Assert.Multiple(() =>
        {
            Assert.That((result.Failure, result.History.Count, result.Last!.Epoch), Is.EqualTo(((string?)null, 3, 3)));
            Assert.That(result.Best!.Epoch, Is.EqualTo(result.History.Last(report => report.IsBest).Epoch));
            Assert.That(result.Best.Test.Accuracy, Is.EqualTo(evaluation.Accuracy));
            Assert.That(result.Best.Test.Loss, Is.EqualTo(evaluation.LogLoss).Within(1e-3));
            Assert.That(result.Best.Validation.Accuracy, Is.EqualTo(result.History[result.Best.Epoch - 1].ValidationAccuracy));
            Assert.That(result.Last.Validation.Accuracy, Is.EqualTo(result.History[^1].ValidationAccuracy));
            Assert.That(result.Last.Validation.Loss, Is.EqualTo(result.History[^1].ValidationLoss!.Value).Within(1e-3));
            Assert.That(result.Best.Training.Faces + result.Best.Validation.Faces, Is.EqualTo(inTask));
            Assert.That((result.ValidationFacesInTraining, result.TestAccuracyWithoutThem), Is.EqualTo((0, (double?)evaluation.Accuracy)));
            Assert.That(result.SecondsPerEpoch, Is.Positive);
        });
    }

    [Test]
    public void Run_Again_GoesOnInsteadOfTrainingAgain()
    {
        using var stop = new CancellationTokenSource();
        var options = Options(TrainingData.Faces);
        var stopped = options with
        {
            Training = options.Training! with
            {
                Execution = options.Training!.Execution with { CancellationToken = stop.Token, EpochProgress = new Stop(stop, after: 2) },
            },
        };
        Assert.That(() => PaperReproduction.Run(Experiment(EmotionTask.Seven), stopped), Throws.InstanceOf<OperationCanceledException>());
        var epochs = new List<int>();
        var result = PaperReproduction.Run(Experiment(EmotionTask.Seven), options with
        {
            Training = options.Training with { Execution = options.Training.Execution with { EpochProgress = new Note(epochs) } },
        });
        Assert.That(epochs, Is.EqualTo(new[] { 3 }));
        Assert.That(result.History, Has.Count.EqualTo(3));

        // A complete run trains nothing and returns the same figures.
        epochs.Clear();
        var again = PaperReproduction.Run(Experiment(EmotionTask.Seven), options with
        {
            Training = options.Training with { Execution = options.Training.Execution with { EpochProgress = new Note(epochs) } },
        });
        Assert.That(epochs, Is.Empty);
        Assert.That(JsonSerializer.Serialize(again, FerMlJson.Options), Is.EqualTo(JsonSerializer.Serialize(result, FerMlJson.Options)));
    }

    [Test]
    public void Run_FacesThatStandTwice_AreCountedAndLeftOut()
    {
        // Every training face three times, so that most validation faces are trained on too; half of PublicTest is in Training.
        var faces = TrainingData.Faces.Samples.ToArray();
        var training = faces.Where(face => face.Usage == Usage.Training).Take(100).ToArray();
        var test = faces.Where(face => face.Usage == Usage.PublicTest).Take(30).ToArray();
        var doubled = FerDataset.Create("doubled",
        [
            .. Enumerable.Repeat(training, 3).SelectMany(part => part)
            .Select(face => (face.Pixels.ToArray(), face.Emotion, Usage.Training)),
            .. test.Select(face => (face.Pixels.ToArray(), face.Emotion, Usage.PublicTest)),
            .. training.Take(30).Select(face => (face.Pixels.ToArray(), face.Emotion, Usage.PublicTest)),
        ]);
        var result = PaperReproduction.Run(Experiment(EmotionTask.Seven), Options(doubled));
        Assert.That(result.ValidationFacesInTraining, Is.InRange(50, 60));
        using var model = EmotionPredictor.Load(Folder.Path("out/model.zip"));
        Assert.That(result.TestAccuracyWithoutThem, Is.EqualTo(EmotionEvaluation.Run(model, doubled).AccuracyWithoutDuplicates));
        Assert.That(result.Best!.Test.Faces, Is.EqualTo(60));
    }

    [Test]
    public void Run_TrainingThatDiverges_IsAResult()
    {
        var options = Options(TrainingData.Faces);
        var result = PaperReproduction.Run(Experiment(EmotionTask.Seven), options with
        {
            Training = options.Training! with
            {
                Optimizer = OptimizerKind.Sgd,
                LearningRate = 10,
                WeightDecay = 1,
                Precision = Precision.Float32,
            },
        });
        Assert.That(result.Failure, Does.Contain("training diverged"));
        Assert.That(result.Best?.Epoch, Is.EqualTo(result.History.LastOrDefault(report => report.IsBest)?.Epoch));
    }

    [Test]
    public void Run_NoTestFaces_SaysSo() => Assert.That(
        () => PaperReproduction.Run(Experiment(EmotionTask.Three), Options(TrainingData.Faces.Where(face => face.Usage == Usage.Training))),
        Throws.TypeOf<FerDataException>().With.Message.Contains("no face is left after filtering; it has 560 Training faces"));

    [Test]
    public void ReachesClaimAt_IsTheFirstEpochThatDoes()
    {
        EpochReport[] history = [Report(1, 0.5, 0.4), Report(2, 0.81, 0.5), Report(3, 0.9, 0.55)];
        var result = new ExperimentResult("x", "x", 0, 0.8, 0.6, null, null, null, 0, null, null, null, history);
        Assert.That((result.TrainingReachesClaimAt, result.ValidationReachesClaimAt), Is.EqualTo(((int?)2, (int?)null)));
        Assert.That((result with { ClaimedAccuracy = null }).TrainingReachesClaimAt, Is.Null);

        static EpochReport Report(int epoch, double training, double validation) => new(epoch, 1, training, 1, validation, 0.1, 1, 1, true);
    }

    private static PaperExperiment Experiment(EmotionTask task) =>
        new("x", "an experiment", NetworkPreset.Tiny, task, NetworkPreset.Tiny.Defaults, 0.8, 0.6);

    private TrainingRunOptions Options(FerDataset faces) => new()
    {
        Dataset = faces,
        OutputFolder = Folder.Path("out"),
        Training = NetworkPreset.Tiny.Defaults with { Epochs = 3, Calibrate = false, EarlyStoppingPatience = 0 },
    };

    private sealed class Note(List<int> epochs) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => epochs.Add(value.Epoch);
    }

    private sealed class Stop(CancellationTokenSource source, int after) : IProgress<EpochReport>
    {
        public void Report(EpochReport value)
        {
            if (value.Epoch == after)
                source.Cancel();
        }
    }
}
