using System.Text.Json;
using FerMl.Tests;

namespace FerMl.Training.Tests;

public class TrainingRunTests : FolderTests
{
    [Test]
    public void Execute_WritesModelHistoryAndCard()
    {
        var run = TrainingRun.Execute(Options());
        Assert.That(Directory.GetFiles(Folder.Path("out")).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "model.zip", "history.jsonl", "card.json", "checkpoint.bin", "checkpoint.previous.bin" }));
        var lines = File.ReadAllLines(Folder.Path("out/history.jsonl"));
        Assert.That(Directory.GetFiles(Folder.Path("out/events")), Has.Length.EqualTo(1).And.All.Contains("tfevents"));
        Assert.That(lines.Select(line => JsonSerializer.Deserialize<EpochReport>(line, FerMlJson.Options)), Is.EqualTo(run.History));
        Assert.That(EmotionModel.Load(run.ModelPath).Card!.ToJson(), Is.EqualTo(File.ReadAllText(Folder.Path("out/card.json")).TrimEnd()));
        Assert.That(run.Card.Data, Is.EqualTo(new ModelData("synthetic", 560, run.Card.Data!.Fingerprint)));
    }

    [Test]
    public void Execute_TrainsOnTrainingFacesOfTheTaskOnly()
    {
        var run = TrainingRun.Execute(Options() with { Task = EmotionTask.Three, Limit = 100 });
        Assert.That(run.Card.Data!.Count, Is.EqualTo(100));
        Assert.That(run.Card.Labels, Is.EqualTo(EmotionTask.Three.Labels));
    }

    [Test]
    public void Execute_TwoIntoOneFolder_TheSecondIsRefusedAndTheFirstIsWhole()
    {
        Exception? second = null;
        var options = Options();
        var progress = new SynchronousProgress(
            () => second ??= Assert.Catch(() => TrainingRun.Execute(Options() with { Overwrite = true })));
        var run = TrainingRun.Execute(options with
        {
            Training = (options.Training ?? options.Preset.Defaults) with { Execution = new() { StepProgress = progress } },
        });
        Assert.That(second, Is.InstanceOf<IOException>().With.Message.EqualTo(
            $"{Folder.Path("out")}: another run is writing there (.lock is locked); wait until it ends, or give another folder."));
        Assert.That(EmotionModel.Load(run.ModelPath).Card, Is.Not.Null);
        Assert.That(File.Exists(Folder.Path("out/.lock")), Is.False);
    }

    private sealed class SynchronousProgress(Action hear) : IProgress<StepReport>
    {
        public void Report(StepReport value) => hear();
    }

    [Test]
    public void Execute_EarlierRun_IsKept_UnlessToldOtherwise()
    {
        TrainingRun.Execute(Options());
        var before = File.ReadAllBytes(Folder.Path("out/model.zip"));
        Assert.That(() => TrainingRun.Execute(Options()),
            Throws.TypeOf<IOException>().With.Message.Contains(
                "already exists from an earlier run; continue that run with Execution.Resume, give another "
                    + "TrainingRunOptions.OutputFolder, or replace it with TrainingRunOptions.Overwrite"));
        Assert.That(File.ReadAllBytes(Folder.Path("out/model.zip")), Is.EqualTo(before));
        Assert.That(() => TrainingRun.Execute(Options() with { Overwrite = true }), Throws.Nothing);
    }

    [Test]
    public void Execute_NoTrainingFaces_SaysSo() => Assert.That(
        () => TrainingRun.Execute(Options() with { Dataset = TrainingData.Faces.Where(face => face.Usage == Usage.PublicTest) }),
        Throws.TypeOf<FerDataException>().With.Message.Contains("no face is left after filtering; it has 70 PublicTest faces"));

    [Test]
    public void Execute_FailsBeforeTheFirstEpoch_LeavesNoFileBehind()
    {
        var options = Options() with
        {
            Training = NetworkPreset.Tiny.Defaults with
            {
                Execution = NetworkPreset.Tiny.Defaults.Execution with { CancellationToken = new CancellationToken(true) },
            },
        };
        Assert.That(() => TrainingRun.Execute(options), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(Folder.Path("out")), Is.Empty);
    }

    [Test]
    public void Execute_Resumed_WritesTheFilesOfTheWholeRun()
    {
        using var stop = new CancellationTokenSource();
        var options = Options() with
        {
            Training = NetworkPreset.Tiny.Defaults with
            {
                Epochs = 3,
                Execution = NetworkPreset.Tiny.Defaults.Execution with
                {
                    CancellationToken = stop.Token,
                    EpochProgress = new OnEpoch(() => stop.Cancel()),
                },
            },
        };
        Assert.That(() => TrainingRun.Execute(options), Throws.InstanceOf<OperationCanceledException>());
        // Simulates a kill while the next epoch's line is written.
        File.AppendAllText(Folder.Path("out/history.jsonl"), "{\"epoch\":2,\"train");
        var run = TrainingRun.Execute(options with
        {
            Training = NetworkPreset.Tiny.Defaults with
            {
                Epochs = 3,
                Execution = NetworkPreset.Tiny.Defaults.Execution with { Resume = true },
            },
        });
        var lines = File.ReadAllLines(Folder.Path("out/history.jsonl"));
        Assert.That(lines.Select(line => JsonSerializer.Deserialize<EpochReport>(line, FerMlJson.Options)), Is.EqualTo(run.History));
        Assert.That(run.History, Has.Count.EqualTo(3));
        var whole = TrainingRun.Execute(options with
        {
            Training = NetworkPreset.Tiny.Defaults with { Epochs = 3 },
            OutputFolder = Folder.Path("whole"),
        });
        Assert.That(EmotionModel.Load(run.ModelPath).Onnx.ToArray(), Is.EqualTo(EmotionModel.Load(whole.ModelPath).Onnx.ToArray()));
    }

    private sealed class OnEpoch(Action action) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => action();
    }

    private TrainingRunOptions Options() => new()
    {
        Dataset = TrainingData.Faces,
        Preset = NetworkPreset.Tiny,
        Training = NetworkPreset.Tiny.Defaults with { Epochs = 2 },
        OutputFolder = Folder.Path("out"),
    };
}
