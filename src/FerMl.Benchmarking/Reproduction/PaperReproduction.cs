using System.Numerics.Tensors;
using Microsoft.ML;
using TorchSharp;

namespace FerMl.Benchmarking;

/// <summary>
/// Repeats one of the paper's experiments and measures what the paper doesn't report: the same weights on the training faces, on the
/// validation split that selects the epoch, and on PublicTest.
/// </summary>
internal static class PaperReproduction
{
    /// <summary>
    /// Trains, or resumes a training with the same options in the folder, and evaluates the best and the last epoch.
    /// </summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="options">The training. Its <see cref="TrainingExecutionOptions.Resume"/> is ignored.</param>
    /// <returns>The figures, also of a training that diverged, as the paper's first experiment may.</returns>
    /// <exception cref="FerDataException">The data have no Training or no PublicTest faces with the task's labels.</exception>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    /// <exception cref="CheckpointException">The folder contains a training with other options.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped; the same call resumes it.</exception>
    public static ExperimentResult Run(PaperExperiment experiment, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(options);
        var training = options.Training ?? experiment.Options;
        var test = options.Dataset.Where(face => face.Usage == Usage.PublicTest && experiment.Task.Contains(face.Label));

        var checkpoints = new CheckpointFolder(options.OutputFolder);
        options = options with
        {
            Task = experiment.Task,
            Preset = experiment.Preset,
            Training = training with { Execution = training.Execution with { Resume = checkpoints.HasCheckpoint && !options.Overwrite } },
        };
        string? failure = null;
        try
        {
            TrainingRun.Execute(options);
        }
        catch (TrainingException e)
        {
            failure = e.Message;
        }
        using var checkpoint = checkpoints.Load();
        var history = checkpoint?.State.History ?? [];
        var result = new ExperimentResult(
            experiment.Name, experiment.Title, training.Seed, experiment.ClaimedAccuracy, experiment.ClaimedLoss, failure, null, null, 0,
            null, null, null, history);
        return history.IsEmpty ? result : Evaluate(result, options, checkpoints, test);
    }

    private static ExperimentResult Evaluate(
        ExperimentResult result, TrainingRunOptions options, CheckpointFolder checkpoints, FerDataset test)
    {
        var training = options.Training! with { Execution = options.Training.Execution with { Resume = false } };
        string[] labels = [.. options.Task.Labels];
        var mlContext = new MLContext(training.Seed);
        var trained = TrainingSet.Read(TrainingRun.Rows(mlContext, TrainingRun.Faces(options), options.Task), labels, training);
        var tested = TrainingSet.Read(TrainingRun.Rows(mlContext, test, options.Task), labels, training with { ValidationFraction = 0 });
        var (mean, standardDeviation) = trained.PixelStatistics();
        using var network = new FaceNetwork(options.Preset.Complete(training).Network!, labels.Length, mean, standardDeviation);
        var device = DeviceChoice.Resolve(training.Execution.Device);
        network.to(device);

        var history = result.History;
        var seenInTraining = trained.Training.Select(face => DuplicateAudit.KeyOf(trained.PixelsOf(face))).ToHashSet();
        var seen = trained.Validation.Select(face => DuplicateAudit.KeyOf(trained.PixelsOf(face))).Concat(seenInTraining).ToHashSet();
        bool[] isLeakedValidation = [
            .. trained.Validation.Select(face => seenInTraining.Contains(DuplicateAudit.KeyOf(trained.PixelsOf(face))))];
        bool[] isLeakedTest = [.. tested.Training.Select(face => seen.Contains(DuplicateAudit.KeyOf(tested.PixelsOf(face))))];

        Checkpoints.LoadWeights(checkpoints, network, CheckpointWeights.Last);
        var last = new EpochResult(
            history[^1].Epoch, Split(trained, trained.Training), Split(trained, trained.Validation), Split(tested, tested.Training));
        Checkpoints.LoadWeights(checkpoints, network, CheckpointWeights.Best);
        var best = new EpochResult(
            history.Last(report => report.IsBest).Epoch, Split(trained, trained.Training), Split(trained, trained.Validation),
            Split(tested, tested.Training));
        return result with
        {
            Best = best,
            Last = last,
            ValidationFacesInTraining = isLeakedValidation.Count(leaked => leaked),
            ValidationAccuracyWithoutThem = AccuracyWithout(isLeakedValidation, trained, trained.Validation),
            TestAccuracyWithoutThem = AccuracyWithout(isLeakedTest, tested, tested.Training),
            SecondsPerEpoch = Median(history.Select((report, i) => report.Seconds - (i > 0 ? history[i - 1].Seconds : 0))),
        };

        float[] Logits(TrainingSet set, int[] faces) =>
            NetworkScores.Logits(network, set, faces, AugmentedView.Center(training.CropSize), device,
                training.Execution.CancellationToken);

        SplitResult Split(TrainingSet set, int[] faces) =>
            SplitResult.Of(EmotionMetrics.Compute(
                labels, faces.Select(face => set.Labels[face]), TemperatureScaling.Scores(Logits(set, faces), labels.Length)));

        double? AccuracyWithout(bool[] isLeaked, TrainingSet set, int[] faces)
        {
            var kept = faces.Where((_, i) => !isLeaked[i]).ToArray();
            var logits = Logits(set, kept);
            return kept.Length == 0 ? null
                : kept.Where((face, i) => TensorPrimitives.IndexOfMax(logits.AsSpan(i * labels.Length, labels.Length)) == set.Labels[face])
                .Count() / (double)kept.Length;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
