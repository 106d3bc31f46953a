using Microsoft.ML;

namespace FerMl.Benchmarking;

/// <summary>
/// The accuracy of a pipeline study with few faces of FER2013's Training, tested on PublicTest, after increasing times. It is compared
/// with a pretrained model as is and a study of the training options of <c>tiny</c>. A second task isn't about emotions: synthetic faces
/// with open or shut mouths.
/// </summary>
internal static class AutoBenchmark
{
    private const string Open = "open", Shut = "shut";
    private const float HalfOpen = 0.35f, NearlyShut = 0.08f;
    private const int MinOfEach = 2;

    /// <summary>Runs the benchmark for one number of faces.</summary>
    /// <param name="dataset">FER2013, with its own labels or with votes.</param>
    /// <param name="faces">Number of Training faces in the study.</param>
    /// <param name="minutes">Times at which the best model is tested, increasing.</param>
    /// <param name="seed">Seed of the sample and the study.</param>
    /// <param name="withTiny">Whether to study the training options of <c>tiny</c>, too, for the longest time.</param>
    /// <param name="report">Receives each result as soon as it is available.</param>
    /// <param name="cancellation">Cancels the benchmark.</param>
    public static async Task Run(
        FerDataset dataset, int faces, IReadOnlyList<double> minutes, int seed, bool withTiny, Action<AutoBenchmarkResult> report,
        CancellationToken cancellation)
    {
        var isVotes = dataset.Annotation == Annotation.FerPlus;
        var task = isVotes ? EmotionTask.Eight : EmotionTask.Seven;
        var name = isVotes ? "FER+" : "FER2013";
        var chosen = Draw(dataset, faces, task, seed);
        var test = dataset.Where(face => face.Usage == Usage.PublicTest && task.Contains(face.Label));
        using (var ferplus = EmotionPredictor.LoadDefault())
            report(AutoBenchmarkResult.Of(name, faces, 0, "ferplus unchanged", 0, Evaluate(ferplus, test, task)));
        await Study(name, chosen, test, task, minutes, seed, report, cancellation).ConfigureAwait(false);
        if (withTiny)
            await StudyTiny(name, chosen, test, task, minutes[^1], seed, report, cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs the benchmark on synthetic faces with open or shut mouths.</summary>
    /// <inheritdoc cref="Run" path="/param"/>
    public static async Task RunMouths(
        int faces, IReadOnlyList<double> minutes, int seed, Action<AutoBenchmarkResult> report, CancellationToken cancellation)
    {
        var task = EmotionTask.OfLabels(Open, Shut);
        await Study(
            "mouths", Mouths(faces, seed), Mouths(2_000, seed + 1_000), task, minutes, seed, report, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Synthetic faces labeled by their mouths, regardless of their expression.</summary>
    internal static FerDataset Mouths(int count, int seed)
    {
        var random = new Random(seed);
        using var painter = new FacePainter();
        return FerDataset.CreateLabeled("mouths", Enumerable.Range(0, count).Select(i =>
        {
            var expression = Expression.Of((Emotion)random.Next(EmotionTask.Seven.Labels.Length), random) with
            {
                MouthOpening = i % 2 == 0 ? HalfOpen + (1 - HalfOpen) * random.NextSingle() : NearlyShut * random.NextSingle(),
            };
            return (painter.Paint(expression, random), i % 2 == 0 ? Open : Shut, Usage.Training);
        }));
    }

    private static async Task Study(
        string data, FerDataset faces, FerDataset test, EmotionTask task, IReadOnlyList<double> minutes, int seed,
        Action<AutoBenchmarkResult> report, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("ferml-").FullName;
        try
        {
            var spent = 0.0;
            foreach (var time in minutes)
            {
                // Resume the same study for the remaining time.
                var result = await new EmotionExperiment(new MLContext(seed)).SetDataset(faces).SetTask(task).SetPipelines()
                    .SetMaxTime(TimeSpan.FromMinutes(time - spent)).SetMaxTrials(10_000).SetSeed(seed)
                    .SetStudy(Path.Combine(folder, "study.db")).RunAsync(folder, cancellation).ConfigureAwait(false);
                spent = time;
                (result.BestModel as IDisposable)?.Dispose();
                using var predictor = EmotionPredictor.Load(result.BestModelPath);
                report(AutoBenchmarkResult.Of(
                    data, faces.Count, time, result.Leaderboard!.Rows[0].Pipeline, result.Trials.Count, Evaluate(predictor, test, task)));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task StudyTiny(
        string data, FerDataset faces, FerDataset test, EmotionTask task, double minutes, int seed, Action<AutoBenchmarkResult> report,
        CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("ferml-").FullName;
        try
        {
            var result = await new EmotionExperiment(new MLContext(seed)).SetDataset(faces).SetTask(task).SetTrainer(NetworkPreset.Tiny)
                .SetSearchSpace(new SearchSpace().AddRange(nameof(EmotionTrainerOptions.LearningRate), 0.0003, 0.03, log: true)
                    .AddRange(nameof(EmotionTrainerOptions.Dropout), 0, 0.5))
                .SetSchedule(ScheduleKind.SuccessiveHalving, epochs: 27).SetMaxTime(TimeSpan.FromMinutes(minutes)).SetMaxTrials(10_000)
                .SetSeed(seed).SetStudy(Path.Combine(folder, "study.db")).RunAsync(folder, cancellation).ConfigureAwait(false);
            (result.BestModel as IDisposable)?.Dispose();
            using var predictor = EmotionPredictor.Load(result.BestModelPath);
            report(AutoBenchmarkResult.Of(
                data, faces.Count, minutes, "study of tiny", result.Trials.Count, Evaluate(predictor, test, task)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static EmotionMetrics Evaluate(EmotionPredictor predictor, FerDataset test, EmotionTask task) => EmotionEvaluation.Run(
        predictor, test, new EvaluationOptions { Usages = Enum.GetValues<Usage>(), Task = task }).Metrics;

    /// <summary>Draws a stratified sample with at least two faces per label.</summary>
    private static FerDataset Draw(FerDataset dataset, int count, EmotionTask task, int seed)
    {
        var all = dataset.Where(face => face.Usage == Usage.Training && task.Contains(face.Label));
        var drawn = Stratification.Draw(
            [.. all.Samples.Select(face => (face.Index, face.Code))], (double)count / all.Count, seed).ToHashSet();
        foreach (var group in all.Samples.GroupBy(face => face.Code))
            foreach (var face in group.Where(face => !drawn.Contains(face.Index))
                .Take(MinOfEach - group.Count(face => drawn.Contains(face.Index))).ToArray())
                drawn.Add(face.Index);
        return all.Where(face => drawn.Contains(face.Index));
    }
}
