using System.Globalization;
using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>
/// Runs trials with FerMl's trainer. Each has a folder with its model and checkpoint, from which it resumes after a promotion or the death
/// of its worker. Trials are scored on a validation split of the training faces, which no trial trains on.
/// </summary>
public sealed class TrainingTrialRunner : ITrialRunner
{
    /// <summary>Fraction of the training faces in the validation split.</summary>
    public const double ValidationFraction = 0.2;

    private readonly TrialRecipe _recipe;
    private readonly FerDataset _fitted;
    private readonly FerDataset _scored;

    /// <summary>Creates a runner.</summary>
    /// <param name="recipe">What to train and how to score it.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value of the recipe is outside its range.</exception>
    /// <exception cref="FerDataException">The data have too few training faces with the task's labels.</exception>
    public TrainingTrialRunner(TrialRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        OptionsValidator.Check(recipe);
        _recipe = recipe;
        var faces = recipe.Dataset.Where(face => face.Usage == Usage.Training && recipe.Task.Contains(face.Label));
        if (recipe.Limit is { } limit)
            faces = faces.Limit(limit, recipe.Seed);
        var scored = Stratification.Draw(
            [.. faces.Samples.Select(face => (face.Index, face.Code))], ValidationFraction, recipe.Seed).ToHashSet();
        if (scored.Count == 0 || scored.Count == faces.Count)
            throw new FerDataException(
                $"{recipe.Dataset.Source}: {faces.Count.Counted("training face")} with the labels "
                    + $"{string.Join(", ", recipe.Task.Labels)} are too few to score trials on a fifth of them.");
        _fitted = faces.Where(face => !scored.Contains(face.Index));
        _scored = faces.Where(face => scored.Contains(face.Index));
    }

    /// <inheritdoc/>
    public double Run(TrialRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Enumerable.Range(0, _recipe.Seeds).Average(seed => ScoreOf(run, seed, cancellationToken));
    }

    /// <inheritdoc/>
    public void Abandon(int number)
    {
        for (var seed = 0; seed < _recipe.Seeds; seed++)
            if (Directory.Exists(FolderOf(number, seed)))
                new CheckpointFolder(FolderOf(number, seed)).Delete();
    }

    /// <summary>The model file of a trial's training.</summary>
    /// <param name="number">The trial's number.</param>
    /// <param name="seed">The training's index, from 0.</param>
    public string ModelPath(int number, int seed = 0) => ModelPath(_recipe.Folder, number, seed);

    /// <summary>The model file of a trial's training.</summary>
    /// <param name="folder">The folder of the study's trials.</param>
    /// <param name="number">The trial's number.</param>
    /// <param name="seed">The training's index, from 0.</param>
    public static string ModelPath(string folder, int number, int seed = 0) => Path.Combine(FolderOf(folder, number, seed), "model.zip");

    private string FolderOf(int number, int seed) => FolderOf(_recipe.Folder, number, seed);

    private static string FolderOf(string folder, int number, int seed) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"trial-{number:0000}"), $"seed-{seed}");

    private double ScoreOf(TrialRun run, int seed, CancellationToken cancellationToken)
    {
        var folder = FolderOf(run.Number, seed);
        var checkpoints = new CheckpointFolder(folder);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // If a worker died after its last epoch, the trial is trained enough: stop after one step of the next epoch and keep the earlier
        // epochs.
        var isTrained = checkpoints.HasCheckpoint && TrainingRun.ReadHistory(folder).Count >= run.Epochs;
        var options = run.Configuration.ApplyTo(_recipe.Options) with
        {
            Epochs = run.TotalEpochs,
            ValidationFraction = 0,
            EarlyStoppingPatience = 0,
            Seed = unchecked(run.Seed * 1_000 + run.Number * 31 + seed),
            Execution = _recipe.Options.Execution with
            {
                KeepBestOnCancel = true,
                CancellationToken = enough.Token,
                EpochProgress = new SynchronousProgress<EpochReport>(
                    report => StopIf(report.Epoch >= run.Epochs && run.Epochs < run.TotalEpochs)),
                StepProgress = new SynchronousProgress<StepReport>(_ => StopIf(isTrained)),
                Resume = checkpoints.HasCheckpoint,
            },
        };
        var trained = TrainingRun.Execute(new TrainingRunOptions
        {
            Dataset = _fitted,
            Task = _recipe.Task,
            Preset = _recipe.Preset,
            Training = options,
            OutputFolder = folder,
            Overwrite = !checkpoints.HasCheckpoint,
        });
        cancellationToken.ThrowIfCancellationRequested();
        using var predictor = EmotionPredictor.Load(trained.ModelPath);
        var metrics = EmotionEvaluation.Run(
            predictor, _scored, new EvaluationOptions { Usages = [Usage.Training] }, cancellationToken).Metrics;
        return _recipe.Metric.ScoreOf(metrics);

        void StopIf(bool isEnough)
        {
            if (isEnough)
                enough.Cancel();
        }
    }

    /// <summary>Reports progress synchronously on the reporting thread.</summary>
    private sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
