using FerMl.Tests;
using FerMl.Training;
using Microsoft.ML;

namespace FerMl.Experiments.Tests;

public class PipelineExperimentTests : FolderTests
{
    private const string Model = "ferplus-fast";

    private static FerDataset Mouths { get; } = AutoBenchmark.Mouths(60, 1);

    private static EmotionPipeline[] Quick => [EmotionPipeline.Head(Model), EmotionPipeline.Lbfgs(Model), EmotionPipeline.Sdca(Model)];

    private EmotionExperiment Experiment(FerDataset faces, EmotionTask task, string study, params EmotionPipeline[] pipelines) =>
        new EmotionExperiment(new MLContext(1)).SetDataset(faces).SetTask(task).SetPipelines(pipelines).SetMaxTrials(8).SetSeed(3)
            .SetStudy(study.Contains('=', StringComparison.Ordinal) ? study : Folder.Path(study));

    [Test]
    public async Task RunAsync_ComparesPipelines_AndGivesAModelOfTheBest_ForLabelsThatAreNoEmotions()
    {
        var task = EmotionTask.OfLabels("open", "shut");
        var result = await Experiment(Mouths, task, "study.db", Quick).RunAsync(Folder.Path("trials"));

        Assert.That(result.Trials.Take(3).Select(trial => trial.Configuration.Values["Pipeline"]),
            Is.EqualTo(Quick.Select(pipeline => pipeline.Name)), "each pipeline with its first values, in order");
        Assert.That(result.Trials.Select(trial => trial.State), Is.All.EqualTo(TrialState.Completed));
        var board = result.Leaderboard!;
        Assert.That(board.Metric, Is.EqualTo(StudyMetric.LogLoss));
        Assert.That(board.Rows.Select(row => row.Score), Is.Ordered.Descending);
        Assert.That(board.Rows[0].Trial, Is.EqualTo(result.Best.Number));
        Assert.That(board.Rows[0].Accuracy, Is.GreaterThan(0.7).And.InRange(board.Rows[0].AccuracyLow, board.Rows[0].AccuracyHigh));
        Assert.That(board.Differences.Select(other => other.Pipeline), Is.Unique.And.None.EqualTo(board.Rows[0].Pipeline));
        Assert.That(board.ToHtml(), Does.Contain(board.Rows[0].Pipeline));

        var card = EmotionModel.Load(result.BestModelPath).Card!;
        Assert.That((card.Task, card.InitializedFrom, card.Data!.Count), Is.EqualTo(("open,shut", Model, Mouths.Count)));
        using var predictor = EmotionPredictor.Load(result.BestModelPath);
        Assert.That(predictor.Labels, Is.EqualTo(new[] { "open", "shut" }));
        var evaluation = EmotionEvaluation.Run(predictor, AutoBenchmark.Mouths(200, 7),
            new EvaluationOptions { Usages = [Usage.Training] });
        Assert.That(evaluation.Metrics.Accuracy, Is.GreaterThan(0.7));
        Assert.That(evaluation.WorstFirst.First().Face.Label, Is.AnyOf("open", "shut"));
        using var engine = new MLContext().Model.CreatePredictionEngine<FaceImage, ScoredFace>(result.BestModel);
        using var image = FacePixelsMapping.ToImage(Mouths.PixelsOf(0));
        Assert.That(engine.Predict(new FaceImage { Image = image }).Score,
            Is.EqualTo(predictor.Predict(Mouths)[0].Scores.Select(score => score.Score)).Within(1e-5));
    }

    [Test]
    public async Task RunAsync_WithTheSameSeed_GivesTheSameLeaderboard_AndMoreTrialsResumeTheStudy()
    {
        var task = EmotionTask.OfLabels("open", "shut");
        var first = await Experiment(Mouths, task, "a.db", Quick).RunAsync(Folder.Path("a"));
        var second = await Experiment(Mouths, task, "b.db", Quick).RunAsync(Folder.Path("b"));
        Assert.That(Board(second), Is.EqualTo(Board(first)));

        var more = await Experiment(Mouths, task, "a.db", Quick).SetMaxTrials(11).RunAsync(Folder.Path("a"));
        Assert.That(more.Trials, Has.Count.EqualTo(11));
        Assert.That(more.Trials.Take(8).Select(trial => (trial.Score, trial.Attempts)),
            Is.EqualTo(first.Trials.Select(trial => (trial.Score, trial.Attempts))), "completed trials aren't run again");

        static IEnumerable<(int, string, string, double, double)> Board(StudyResult study) =>
            study.Leaderboard!.Rows.Select(row => (row.Trial, row.Pipeline, row.Options.ToString(), row.Score, row.Accuracy));
    }

    [Test]
    public async Task RunAsync_OfOtherFaces_SaysWhatDiffers()
    {
        var task = EmotionTask.OfLabels("open", "shut");
        await Experiment(Mouths, task, "study.db", Quick[0]).SetMaxTrials(1).RunAsync(Folder.Path("trials"));
        Assert.That(() => Experiment(AutoBenchmark.Mouths(60, 2), task, "study.db", Quick[0]).SetMaxTrials(1)
            .RunAsync(Folder.Path("trials")),
            Throws.TypeOf<ExperimentException>().With.Message.Contains("another fingerprint"));
        Assert.That(() => Experiment(Mouths, task, "study.db", Quick).RunAsync(Folder.Path("trials")),
            Throws.TypeOf<ExperimentException>().With.Message.Contains("another search space"));
    }

    [Test]
    public async Task ATrialThatFails_IsNoEnd_AndSaysWhy()
    {
        // The unchanged model doesn't have these labels.
        var result = await Experiment(
            Mouths, EmotionTask.OfLabels("open", "shut"), "study.db", EmotionPipeline.AsIs(Model), Quick[0]).SetMaxTrials(2)
            .RunAsync(Folder.Path("trials"));
        Assert.That(result.Trials[0].State, Is.EqualTo(TrialState.Failed));
        Assert.That(result.Trials[0].Error, Does.Contain("can't be used unchanged: its labels are"));
        Assert.That(result.Best.Number, Is.EqualTo(1));
    }

    [Test, Category("Slow")]
    public async Task EveryPipeline_CanBeFittedAndSaved_AlsoNetworks()
    {
        var faces = SyntheticFaces.Create(70, task: EmotionTask.Three);
        var data = new PipelineData(faces.FilterByTask(EmotionTask.Three), EmotionTask.Three);
        var pipelines = (EmotionPipeline[])[
            EmotionPipeline.AsIs(Model), .. Quick, EmotionPipeline.FastTree(Model),
            .. TreePipeline.HasLightGbm ? (EmotionPipeline[])[EmotionPipeline.LightGbm(Model)] : [],
            EmotionPipeline.FineTune(Model), EmotionPipeline.FromScratch(NetworkPreset.Tiny)];
        var runner = new PipelineTrialRunner(pipelines, data, Folder.Path("trials"), StudyMetric.Accuracy, 1);
        int[] all = [.. Enumerable.Range(0, data.Labels.Length)];
        foreach (var pipeline in pipelines)
        {
            using var fitted = pipeline.Fit(data, all, pipeline.First, 1, isFinal: true, CancellationToken.None);
            var path = Folder.Path($"{pipeline.Name}.zip");
            fitted.Save(new ModelCalibration(1.5, all.Length, 0.1, 0.1), new ModelData("faces", all.Length, "x"), path);
            using var predictor = EmotionPredictor.Load(path);
            var logits = fitted.Logits(all);
            foreach (var (row, prediction) in logits.Zip(predictor.Predict(data.Faces)))
            {
                var expected = TemperatureScaling.Scores([new WeightedLogits(row, 1)], 3, 1.5);
                // For networks, one side averages the views after the temperature, the other before it.
                Assert.That(prediction.Scores.Select(score => score.Score), Is.EqualTo(expected).Within(pipeline is NetworkPipeline ? 0.1
                    : 1e-4),
                    pipeline.Name);
            }
        }
        Assert.That(() => runner.Find(new Configuration(KeyValuePair.Create("Pipeline", "other"))),
            Throws.TypeOf<ExperimentException>().With.Message.Contains("There is no pipeline 'other' here"));
        await Task.CompletedTask;
    }

    [Test]
    public void Metrics_AreAtTheTemperatureThatSuits_AndTheModelIsSavedWithIt()
    {
        var task = EmotionTask.OfLabels("open", "shut");
        var data = new PipelineData(Mouths, task);
        var pipeline = EmotionPipeline.Lbfgs(Model);
        var runner = new PipelineTrialRunner([pipeline], data, Folder.Path("trials"), StudyMetric.LogLoss, 1);
        var configuration = new Configuration(pipeline.First.Values.Select(value => KeyValuePair.Create($"{pipeline.Name}.{value.Key}",
            value.Value)).Prepend(KeyValuePair.Create("Pipeline", pipeline.Name)));
        var score = runner.Run(new TrialRun(0, configuration, 1, 1, 1), CancellationToken.None);
        var outcome = runner.OutcomeOf(0);
        var surer = outcome with { Logits = [.. outcome.Logits.Select(row => Array.ConvertAll(row, logit => 1.5f * logit))] };
        Assert.That(runner.Metrics(surer).LogLoss, Is.EqualTo(runner.Metrics(outcome).LogLoss).Within(1e-3));
        Assert.That(score, Is.EqualTo(StudyMetric.LogLoss.ScoreOf(runner.Metrics(outcome))));

        runner.SaveModel(new Trial(0, configuration, TrialState.Completed, [new(1, score)], null, 1, null), Folder.Path("model.zip"));
        var fitted = TemperatureScaling.Fit(
            [new WeightedLogits([.. outcome.Logits.SelectMany(row => row)], 1)], [.. outcome.Faces.Select(face => data.Labels[face])], 2);
        Assert.That(EmotionModel.Load(Folder.Path("model.zip")).Card!.Calibration!.Temperature,
            Is.EqualTo(fitted.Temperature).Within(1e-6));
    }

    [Test]
    public void RunAsync_OfALabelWithASingleFace_IsRefused()
    {
        var faces = FerDataset.CreateLabeled("faces", Mouths.Samples.Select(face => (
            face.Pixels.ToArray(), face.Index == 0 ? "yawning" : face.Label, Usage.Training)));
        Assert.That(() => Experiment(faces, EmotionTask.OfLabels("open", "shut", "yawning"), "study.db", Quick).RunAsync(Folder.Path("t")),
            Throws.TypeOf<FerDataException>().With.Message.Contains("a single face has the label 'yawning'"));
    }

    [Test]
    public async Task RunAsync_ThatIsStopped_GivesTheBestSoFar()
    {
        using var stop = new CancellationTokenSource();
        var result = await Experiment(Mouths, EmotionTask.OfLabels("open", "shut"), "study.db", Quick).SetMaxTrials(10_000)
            .SetMonitor(new Stopping(stop, 4)).RunAsync(Folder.Path("trials"), stop.Token);
        Assert.That(result.Trials.Count(trial => trial.State == TrialState.Completed), Is.InRange(4, 5));
        Assert.That(EmotionModel.Load(result.BestModelPath).Labels, Is.EqualTo(new[] { "open", "shut" }));

        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        Assert.That(() => Experiment(Mouths, EmotionTask.OfLabels("open", "shut"), "other.db", Quick).RunAsync(Folder.Path("t"),
            atOnce.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task TwoWorkersAtOnce_InPostgreSql_ShareTheTrials()
    {
        using var server = PostgresServer.Start();
        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Experiment(
            Mouths, EmotionTask.OfLabels("open", "shut"), server.Connection, Quick).SetMaxTrials(12).RunAsync(Folder.Path("trials"))));
        foreach (var result in results)
        {
            Assert.That(result.Trials.Select(trial => trial.Number), Is.EqualTo(Enumerable.Range(0, 12)));
            Assert.That(result.Trials.Select(trial => (trial.State, trial.Attempts)), Is.All.EqualTo((TrialState.Completed, 1)));
        }
        Assert.That(results[0].Trials.Select(trial => trial.Worker).Distinct().Count(), Is.EqualTo(2));
        Assert.That(results[0].Best, Is.EqualTo(results[1].Best).Using<Trial>((a, b) => a.Number == b.Number));
    }

    private sealed class Stopping(CancellationTokenSource stop, int after) : IProgress<Trial>
    {
        private int _count;

        public void Report(Trial value)
        {
            if (++_count == after)
                stop.Cancel();
        }
    }
}
