using Microsoft.ML;

namespace FerMl.Experiments;

/// <summary>A study that compares pipelines: its definition, its execution and its final model.</summary>
internal static class PipelineStudy
{
    /// <summary>Name of the search parameter that selects the pipeline.</summary>
    public const string Choice = "Pipeline";

    /// <summary>Key of the note with the data's fingerprint, because trials on other faces aren't comparable.</summary>
    private const string Fingerprint = "fingerprint";

    /// <summary>Fraction of the time for trials; the rest is for fitting the best pipeline to all faces.</summary>
    private const double TrialsShare = 0.85;

    /// <summary>Timers can't exceed about 49 days, so longer times are limited to that.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(49);

    /// <summary>Most trials take seconds, so resuming a killed study shouldn't wait for the default lease of a minute.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>Creates the definition of a pipeline study.</summary>
    /// <param name="study">Name, seed, metric, tuner and number of trials.</param>
    /// <param name="pipelines">The pipelines, quickest first.</param>
    /// <param name="faces">The faces.</param>
    /// <param name="task">The task with their labels.</param>
    public static StudyDefinition Of(
        StudyDefinition study, IReadOnlyList<EmotionPipeline> pipelines, FerDataset faces, EmotionTask task)
    {
        var space = pipelines.Aggregate(
            new SearchSpace().AddChoice(Choice, pipelines.Select(pipeline => (object)pipeline.Name)),
            (all, pipeline) => all.AddWhere(Choice, pipeline.Name, pipeline.Space));
        return study with
        {
            Space = space,
            Schedule = ScheduleKind.None,
            Epochs = 1,
            FirstEpochs = 1,
            FirstTrials = [.. pipelines.Select(pipeline => new Dictionary<string, string>(
                [KeyValuePair.Create(Choice, pipeline.Name),
                    .. pipeline.First.Values.Select(value => KeyValuePair.Create($"{pipeline.Name}.{value.Key}", value.Value))]))],
            Notes = new Dictionary<string, string>
            {
                [StudyNotes.Task] = task.Name,
                [Fingerprint] = faces.Fingerprint,
            },
        };
    }

    /// <summary>Runs the study until the time is up, it is done or stopped, then fits the best pipeline to all faces.</summary>
    /// <exception cref="OperationCanceledException">The study was stopped before a trial was completed.</exception>
    /// <exception cref="ExperimentException">No trial could be completed.</exception>
    public static StudyResult Run(
        StudyStore store, StudyDefinition study, PipelineTrialRunner runner, StudyWorkerOptions options, MLContext mlContext,
        string modelPath, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (options.Budget is { } time)
            enough.CancelAfter(TrialsShare * time < MaxTime ? TrialsShare * time : MaxTime);
        try
        {
            new StudyWorker(store, study.Name, runner, options with { Lease = Lease }).Run(enough.Token);
        }
        catch (OperationCanceledException) when (StudyResult.BestOf(store.Trials(study.Name)) is not null)
        {
            // Continue with the best completed trial.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExperimentException(
                $"Time ran out before a trial of '{study.Name}' was completed; give more time.");
        }
        var trials = store.Trials(study.Name);
        var best = StudyResult.BestOf(trials) ?? throw StudyResult.NoneCompleted(study.Name, trials);
        // After a stop, don't train a network again; use the best other pipeline if there is one.
        if (cancellationToken.IsCancellationRequested)
            best = StudyResult.BestOf([.. trials.Where(trial => runner.Find(trial.Configuration).Pipeline is not NetworkPipeline)]) ?? best;
        runner.SaveModel(best, modelPath);
        return new StudyResult(
            study, trials, best, modelPath, EmotionModel.Load(modelPath).LoadTransformer(mlContext))
        {
            Leaderboard = Leaderboard.Of(trials, runner),
        };
    }
}
