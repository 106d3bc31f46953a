using Microsoft.ML;

namespace FerMl.Experiments;

/// <summary>A study that compares pipelines: its definition, and how it ends with a model of the best.</summary>
internal static class PipelineStudy
{
    /// <summary>The choice among the pipelines.</summary>
    public const string Choice = "Pipeline";

    /// <summary>Note with the data's fingerprint: trials of other faces aren't comparable.</summary>
    private const string Fingerprint = "fingerprint";

    /// <summary>Share of the time for trials; the rest is for fitting the best to all faces.</summary>
    private const double TrialsShare = 0.85;

    /// <summary>More than a timer can count is no limit.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(49);

    /// <summary>Most trials take seconds: whoever resumes a killed study isn't to wait for a minute.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>The study of pipelines.</summary>
    /// <param name="study">Name, seed, metric, tuner and number of trials.</param>
    /// <param name="pipelines">The pipelines, the quick ones first.</param>
    /// <param name="faces">The faces.</param>
    /// <param name="task">Their labels.</param>
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

    /// <summary>Works at the study until the time is over, it is done or stopped, and fits the best pipeline to all faces.</summary>
    /// <exception cref="OperationCanceledException">It was stopped before a trial was completed.</exception>
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
            // The best so far is what there is.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExperimentException(
                $"The time was over before a trial of '{study.Name}' was completed; give more time.");
        }
        var trials = store.Trials(study.Name);
        var best = StudyResult.BestOf(trials) ?? throw StudyResult.NoneCompleted(study.Name, trials);
        // Whoever stops it doesn't wait for a network to be trained once more.
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
