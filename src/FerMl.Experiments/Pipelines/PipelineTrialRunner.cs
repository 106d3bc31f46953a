using System.Diagnostics;
using System.Globalization;
using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>
/// Scores pipelines on held-out faces. A stopped trial restarts from scratch, since most take seconds.
/// </summary>
internal sealed class PipelineTrialRunner : ITrialRunner
{
    private readonly Dictionary<string, EmotionPipeline> _pipelines;
    private readonly string _folder;
    private readonly int _seed;

    /// <param name="pipelines">The pipelines.</param>
    /// <param name="data">The faces.</param>
    /// <param name="folder">The folder for trial outcomes; workers on several machines share it.</param>
    /// <param name="metric">The metric that scores trials.</param>
    /// <param name="seed">Seed of the folds and all pipelines.</param>
    /// <exception cref="FerDataException">A label has fewer than two faces.</exception>
    public PipelineTrialRunner(
        IEnumerable<EmotionPipeline> pipelines, PipelineData data, string folder, StudyMetric metric, int seed)
    {
        (_pipelines, Data, _folder, Metric, _seed) =
            (pipelines.ToDictionary(pipeline => pipeline.Name), data, folder, metric, seed);
        foreach (var (place, label) in data.Task.Labels.Index())
            if (data.Labels.Count(face => face == place) is < 2 and var count)
                throw new FerDataException(
                    $"{data.Faces.Source}: {(count == 0 ? "no face has" : "a single face has")} the label '{label}'; each label needs at "
                        + $"least two, one for training and one for validation.");
        Folds = Folds.Of(data.Labels, seed);
    }

    public PipelineData Data { get; }
    public Folds Folds { get; }

    /// <summary>The metric that scores trials.</summary>
    public StudyMetric Metric { get; }

    public double Run(TrialRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (pipeline, values) = Find(run.Configuration);
        var watch = Stopwatch.StartNew();
        var logits = new IReadOnlyList<float[]>[Folds.HeldOut.Count];
        var parameters = 0L;
        // A network already uses all cores.
        if (pipeline is NetworkPipeline)
            for (var i = 0; i < logits.Length; i++)
                ScoreFold(i);
        else
            EmotionPredictor.InParallel(logits.Length, ScoreFold, cancellationToken);
        var outcome = new TrialOutcome(
            [.. Folds.HeldOut.SelectMany(fold => fold)], [.. logits.SelectMany(rows => rows)], parameters, watch.Elapsed.TotalSeconds);
        outcome.Write(FolderOf(run.Number));
        return Metric.ScoreOf(Metrics(outcome));

        void ScoreFold(int fold)
        {
            using var fitted = pipeline.Fit(
                Data, Rest(Folds.HeldOut[fold]), values, SeedOf(run.Number, fold), isFinal: false, cancellationToken);
            logits[fold] = fitted.Logits(Folds.HeldOut[fold]);
            Interlocked.Exchange(ref parameters, fitted.Parameters);
        }
    }

    /// <summary>Does nothing, since trials keep no state for resuming.</summary>
    public void Abandon(int number)
    {
    }

    /// <summary>Reads the outcome of a trial.</summary>
    /// <exception cref="ExperimentException">The outcome can't be read.</exception>
    public TrialOutcome OutcomeOf(int number) => TrialOutcome.Read(FolderOf(number), Data.Labels.Length, Data.Task.Labels.Length);

    /// <summary>The metrics of an outcome, at the temperature fitted to it.</summary>
    public EmotionMetrics Metrics(TrialOutcome outcome)
    {
        var (views, truth, labels) = Scored(outcome);
        var temperature = TemperatureScaling.Fit(views, truth, labels.Length).Temperature;
        return EmotionMetrics.Compute(labels, truth, TemperatureScaling.Scores(views, labels.Length, temperature));
    }

    /// <summary>Fits a trial's pipeline to all faces and saves the model.</summary>
    /// <param name="trial">The completed trial.</param>
    /// <param name="path">The model file; an existing one is replaced.</param>
    public void SaveModel(Trial trial, string path)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var (pipeline, values) = Find(trial.Configuration);
        var (views, truth, labels) = Scored(OutcomeOf(trial.Number));
        var calibration = TemperatureScaling.Calibrate(views, truth, labels, former: 1);
        using var fitted = pipeline.Fit(
            Data, [.. Enumerable.Range(0, Data.Labels.Length)], values, SeedOf(trial.Number, 0), isFinal: true, CancellationToken.None);
        fitted.Save(calibration, new ModelData(Data.Faces.Source, Data.Faces.Count, Data.Faces.Fingerprint)
        {
            Annotation = Data.Faces.Annotation == Annotation.FerPlus ? "ferplus" : null,
        }, path);
    }

    /// <summary>Gets the pipeline of a configuration and its values.</summary>
    /// <exception cref="ExperimentException">The pipeline doesn't exist.</exception>
    public (EmotionPipeline Pipeline, Configuration Values) Find(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var name = configuration.Values.GetValueOrDefault(PipelineStudy.Choice, "");
        if (!_pipelines.TryGetValue(name, out var pipeline))
            throw new ExperimentException(
                $"There is no pipeline '{name}' here; there are {string.Join(", ", _pipelines.Keys)}. Give the study's pipelines.");
        return (pipeline, new Configuration(configuration.Values.Where(value => value.Key.StartsWith($"{name}.", StringComparison.Ordinal))
            .Select(value => KeyValuePair.Create(value.Key[(name.Length + 1)..], value.Value))));
    }

    private (WeightedLogits[] Views, int[] Truth, string[] Labels) Scored(TrialOutcome outcome) => (
        [new([.. outcome.Logits.SelectMany(row => row)], 1)], [.. outcome.Faces.Select(face => Data.Labels[face])],
        [.. Data.Task.Labels]);

    private int[] Rest(int[] heldOut)
    {
        var held = heldOut.ToHashSet();
        return [.. Enumerable.Range(0, Data.Labels.Length).Where(face => !held.Contains(face))];
    }

    private int SeedOf(int trial, int fold) => unchecked((_seed * 1_000 + trial) * 31 + fold) & int.MaxValue;

    private string FolderOf(int number) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"trial-{number:0000}"));
}
