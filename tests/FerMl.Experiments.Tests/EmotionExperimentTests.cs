using FerMl.Tests;
using FerMl.Training;
using Microsoft.ML;

namespace FerMl.Experiments.Tests;

public class EmotionExperimentTests : FolderTests
{
    [Test, Category("Slow")]
    public async Task RunAsync_TrainsTrialsPausesThemAndGivesTheBestModel()
    {
        var heard = new List<Trial>();
        var mlContext = new MLContext(seed: 1);
        var experiment = new EmotionExperiment(mlContext)
            .SetDataset(SyntheticFaces.Create(600))
            .SetTask(EmotionTask.Three)
            .SetTrainer(NetworkPreset.Tiny)
            .SetSearchSpace(new SearchSpace().AddRange("LearningRate", 1e-5, 1e-2, log: true).AddChoice("BatchSize", 16, 0))
            .SetTuner(TunerKind.Grid)
            .SetSchedule(ScheduleKind.SuccessiveHalving, epochs: 3, firstEpochs: 1, factor: 2)
            .SetMetric(StudyMetric.MacroF1)
            .SetMonitor(new Heard(heard))
            .SetMaxTrials(6)
            .SetStudy(Folder.Path("study.db"));
        var result = await experiment.RunAsync(Folder.Path("trials"));

        Assert.That(result.Trials, Has.Count.EqualTo(6));
        Assert.That(result.Trials.Where(trial => trial.Configuration.Values["BatchSize"] == "0").Select(trial => trial.State),
            Is.All.EqualTo(TrialState.Failed), "a batch size of 0 fails the trial, not the study");
        Assert.That(result.Best.Epochs, Is.EqualTo(3));
        Assert.That(result.Best.Scores.Select(score => score.Epochs), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(heard.Count, Is.GreaterThanOrEqualTo(6));
        Assert.That(File.Exists(result.BestModelPath), Is.True);
        Assert.That(TrainingRun.ReadHistory(Path.GetDirectoryName(result.BestModelPath)!), Has.Count.EqualTo(3),
            "the trial resumed from its checkpoint");
        Assert.That(Directory.GetFiles(Folder.Root, "checkpoint*", SearchOption.AllDirectories), Is.Empty, "no checkpoint remains");
        using var engine = mlContext.Model.CreatePredictionEngine<FaceImage, ScoredFace>(result.BestModel);
        using var image = FacePixelsMapping.ToImage(SyntheticFaces.Create(70).PixelsOf(0));
        Assert.That(engine.Predict(new FaceImage { Image = image }).PredictedLabel, Is.AnyOf("happy", "sad", "neutral"));

        var again = await experiment.RunAsync(Folder.Path("trials"));
        Assert.That(again.Trials.Select(trial => trial.Attempts), Is.EqualTo(result.Trials.Select(trial => trial.Attempts)),
            "completed trials aren't run again");
    }

    [Test]
    public async Task RunAsync_WithATunerOfOnesOwn_TriesWhatItProposes_AndNobodyElseWorksAtTheStudy()
    {
        var result = await new EmotionExperiment(new MLContext(1))
            .SetDataset(SyntheticFaces.Create(200))
            .SetTrainer(NetworkPreset.Tiny)
            .SetSearchSpace(new SearchSpace().AddInteger("BatchSize", 8, 64))
            .SetTuner(new Doubling())
            .SetSchedule(ScheduleKind.None, epochs: 1)
            .SetMaxTrials(9)
            .SetStudy(Folder.Path("study.db"))
            .RunAsync(Folder.Path("trials"));
        Assert.That(result.Trials.Select(trial => trial.Configuration.Values["BatchSize"]), Is.EqualTo(new[] { "16", "32" }));
        Assert.That(result.Definition.Tuner, Is.EqualTo(TunerKind.Custom));

        var store = StudyStore.Open(Folder.Path("study.db"));
        Assert.That(() => store.Claim("experiment", "other", TimeSpan.FromMinutes(1)),
            Throws.TypeOf<ExperimentException>().With.Message.Contains("uses a custom tuner"));
    }

    [Test]
    public async Task RunAsync_WithoutAFolder_KeepsEachStudysTrialsBesideIt()
    {
        foreach (var (file, name) in new[] { ("a.db", "one"), ("a.db", "two"), ("b.db", "one") })
        {
            var result = await new EmotionExperiment(new MLContext(1))
                .SetDataset(SyntheticFaces.Create(200))
                .SetTrainer(NetworkPreset.Tiny)
                .SetSearchSpace(new SearchSpace().AddChoice("BatchSize", 16))
                .SetSchedule(ScheduleKind.None, epochs: 1)
                .SetMaxTrials(1)
                .SetStudy(Folder.Path(file), name)
                .RunAsync();
            Assert.That(result.BestModelPath, Does.StartWith(Folder.Path($"{Path.GetFileNameWithoutExtension(file)}-{name}")).And.Exist);
        }
    }

    [Test]
    public void Run_OfATrialWhoseWorkerDiedAfterItsLastEpoch_TakesWhatIsThere()
    {
        var runner = new TrainingTrialRunner(new TrialRecipe
        {
            Dataset = SyntheticFaces.Create(300),
            Folder = Folder.Path("trials"),
            Preset = NetworkPreset.Tiny,
            Options = NetworkPreset.Tiny.Defaults,
        });
        var run = new TrialRun(0, new Configuration(), 1, 3, 0);
        var score = runner.Run(run, CancellationToken.None);
        var before = TrainingRun.ReadHistory(Path.GetDirectoryName(runner.ModelPath(0))!);
        Assert.That(before, Has.Count.EqualTo(1));
        Assert.That(runner.Run(run, CancellationToken.None), Is.EqualTo(score));
        Assert.That(TrainingRun.ReadHistory(Path.GetDirectoryName(runner.ModelPath(0))!), Is.EqualTo(before));
    }

    [Test]
    public void Run_OfSeveralTrainings_IsTheMeanOfTheirScores_OnFacesThatNoneWasTrainedOn()
    {
        var recipe = new TrialRecipe
        {
            Dataset = SyntheticFaces.Create(300),
            Folder = Folder.Path("trials"),
            Preset = NetworkPreset.Tiny,
            Options = NetworkPreset.Tiny.Defaults,
            Metric = StudyMetric.LogLoss,
            Seeds = 2,
        };
        var runner = new TrainingTrialRunner(recipe);
        var score = runner.Run(new TrialRun(0, new Configuration(), 1, 2, 0), CancellationToken.None);
        var faces = recipe.Dataset.Where(face => face.Usage == Usage.Training);
        var heldOut = faces.Select(Stratification.Draw(
            [.. faces.Samples.Select(face => (face.Index, face.Code))], TrainingTrialRunner.ValidationFraction, recipe.Seed));
        double[] scores = [.. Enumerable.Range(0, 2).Select(seed =>
        {
            using var predictor = EmotionPredictor.Load(runner.ModelPath(0, seed));
            return recipe.Metric.ScoreOf(
                EmotionEvaluation.Run(predictor, heldOut, new EvaluationOptions { Usages = [Usage.Training] }).Metrics);
        })];
        Assert.That(scores, Is.Unique, "each training has its own seed");
        Assert.That(score, Is.EqualTo(scores.Average()).Within(1e-9));

        Assert.That(Directory.GetFiles(Folder.Root, "checkpoint*", SearchOption.AllDirectories), Is.Not.Empty);
        runner.Abandon(0);
        Assert.That(Directory.GetFiles(Folder.Root, "checkpoint*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void RunAsync_WithoutDataOrSpace_SaysWhatIsMissing()
    {
        var experiment = new EmotionExperiment(new MLContext());
        Assert.That(() => experiment.RunAsync(), Throws.TypeOf<InvalidOperationException>().With.Message.Contains("SetDataset"));
        experiment.SetDataset(SyntheticFaces.Create(70));
        Assert.That(() => experiment.RunAsync(), Throws.TypeOf<InvalidOperationException>().With.Message.Contains("SetSearchSpace"));
    }

    private sealed class Heard(List<Trial> trials) : IProgress<Trial>
    {
        public void Report(Trial value) => trials.Add(value);
    }

    /// <summary>Proposes 16, then 32, then nothing more.</summary>
    private sealed class Doubling : ITuner
    {
        public Configuration? Propose(SearchSpace space, IReadOnlyList<Trial> trials, int number, int seed) =>
            number < 2 ? new Configuration(KeyValuePair.Create("BatchSize", $"{16 << number}")) : null;
    }
}
