using FerMl.Training;
using Microsoft.ML;

namespace FerMl.Experiments;

/// <summary>
/// Searches for a good model, in the style of ML.NET's AutoML: set the data, the search and the time, then run it. It compares pipelines
/// (<see cref="SetPipelines"/>), or tunes the training options of one network. A study database stores all results: running the same
/// experiment again resumes it.
/// </summary>
public sealed class EmotionExperiment
{
    private readonly MLContext _mlContext;
    private FerDataset? _dataset;
    private string _database = Path.Combine("artifacts", "runs", "experiment", "study.db");
    private StudyDefinition _study = new() { Name = "experiment", Space = new SearchSpace() };
    private StudyWorkerOptions _worker = new();
    private EmotionTask _task = EmotionTask.Seven;
    private NetworkPreset _preset = NetworkPreset.Fast;
    private EmotionTrainerOptions? _options;
    private int? _limit;
    private IReadOnlyList<EmotionPipeline>? _pipelines;
    private StudyMetric? _metric;

    /// <summary>Creates an experiment.</summary>
    /// <param name="mlContext">The context for loading the best model.</param>
    public EmotionExperiment(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        _mlContext = mlContext;
    }

    /// <summary>Sets the faces to train and score with: those with usage Training.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="limit">Maximum number of faces, a stratified sample; null for all.</param>
    public EmotionExperiment SetDataset(FerDataset dataset, int? limit = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        (_dataset, _limit) = (dataset, limit);
        return this;
    }

    /// <summary>Sets the emotions. Default: FER2013's seven.</summary>
    public EmotionExperiment SetTask(EmotionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _task = task;
        return this;
    }

    /// <summary>Sets the network and the options that aren't searched.</summary>
    /// <param name="preset">The network. Default: <see cref="NetworkPreset.Fast"/>.</param>
    /// <param name="options">The options. Default: the preset's.</param>
    public EmotionExperiment SetTrainer(NetworkPreset preset, EmotionTrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        (_preset, _options) = (preset, options);
        return this;
    }

    /// <summary>Sets the search space. Its parameter names are properties of <see cref="EmotionTrainerOptions"/>.</summary>
    public EmotionExperiment SetSearchSpace(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        _study = _study with { Space = space };
        return this;
    }

    /// <summary>
    /// Sets the search space: the properties of a record with <see cref="SearchRangeAttribute"/> or <see cref="SearchChoiceAttribute"/>,
    /// named like those of <see cref="EmotionTrainerOptions"/>.
    /// </summary>
    public EmotionExperiment SetSearchSpace<T>() => SetSearchSpace(SearchSpace.Of<T>());

    /// <summary>
    /// Compares pipelines, from faces to a model, instead of the options of one network. The first trials use each pipeline's first values,
    /// quickest pipeline first; then the tuner chooses. Each trial is cross-validated, or scored on a fifth of the faces if there are many,
    /// and the best is fitted to all faces. <see cref="SetTrainer"/>, <see cref="SetSearchSpace(SearchSpace)"/> and
    /// <see cref="SetSchedule"/> then have no effect.
    /// </summary>
    /// <param name="pipelines">The pipelines. Default: those that suit the data (<see cref="EmotionPipeline.Suited"/>).</param>
    /// <exception cref="ArgumentException">Two pipelines have the same name.</exception>
    public EmotionExperiment SetPipelines(params IEnumerable<EmotionPipeline> pipelines)
    {
        EmotionPipeline[] given = [.. pipelines];
        if (given.CountBy(pipeline => pipeline.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"The pipeline {twice} is given twice.", nameof(pipelines));
        _pipelines = given;
        return this;
    }

    /// <summary>Sets how configurations are chosen. Default: the tree-structured Parzen estimator.</summary>
    public EmotionExperiment SetTuner(TunerKind tuner)
    {
        _study = _study with { Tuner = tuner };
        _worker = _worker with { Tuner = null };
        return this;
    }

    /// <summary>Sets a custom tuner.</summary>
    /// <param name="tuner">The tuner. All workers of the study need an equal one.</param>
    public EmotionExperiment SetTuner(ITuner tuner)
    {
        ArgumentNullException.ThrowIfNull(tuner);
        _study = _study with { Tuner = TunerKind.Custom };
        _worker = _worker with { Tuner = tuner };
        return this;
    }

    /// <summary>Sets the epoch budget of trials.</summary>
    /// <param name="schedule">The kind of schedule.</param>
    /// <param name="epochs">Epochs of a fully trained trial.</param>
    /// <param name="firstEpochs">Epochs after which trials are first compared.</param>
    /// <param name="factor">Reduction factor: one of this many trials continues at each rung.</param>
    public EmotionExperiment SetSchedule(ScheduleKind schedule, int epochs = 9, int firstEpochs = 1, int factor = 3)
    {
        _study = _study with { Schedule = schedule, Epochs = epochs, FirstEpochs = firstEpochs, Factor = factor };
        return this;
    }

    /// <summary>Sets the metric to optimize, and the number of trainings per trial.</summary>
    /// <param name="metric">The metric. Default: accuracy; for pipelines log-loss, which is less noisy.</param>
    /// <param name="seeds">Trainings per trial, each with its own seed; pipelines use repeated cross-validation instead.</param>
    public EmotionExperiment SetMetric(StudyMetric metric, int seeds = 1)
    {
        _metric = metric;
        _study = _study with { Metric = metric, Seeds = seeds };
        return this;
    }

    /// <summary>Sets a monitor that receives each trial that reaches its epoch budget or fails.</summary>
    public EmotionExperiment SetMonitor(IProgress<Trial> monitor)
    {
        _worker = _worker with { Monitor = monitor };
        return this;
    }

    /// <summary>Sets the maximum number of trials.</summary>
    public EmotionExperiment SetMaxTrials(int trials)
    {
        _study = _study with { MaxTrials = trials };
        return this;
    }

    /// <summary>
    /// Sets the time limit. A study of training options starts no further trial after it. A study of pipelines stops the running trial in
    /// time to fit the best pipeline to all faces, and resumes that trial in the next run.
    /// </summary>
    /// <param name="time">The time limit, above 0.</param>
    public EmotionExperiment SetMaxTime(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        _worker = _worker with { Budget = time };
        return this;
    }

    /// <summary><see cref="SetMaxTime"/> under its name in ML.NET's AutoML.</summary>
    /// <param name="seconds">The time limit in seconds, above 0.</param>
    public EmotionExperiment SetTrainingTimeInSeconds(uint seconds) => SetMaxTime(TimeSpan.FromSeconds(seconds));

    /// <summary>Sets the random seed.</summary>
    public EmotionExperiment SetSeed(int seed)
    {
        _study = _study with { Seed = seed };
        return this;
    }

    /// <summary>Sets the database of the study.</summary>
    /// <param name="database">The path of a SQLite file, or a connection string of PostgreSQL.</param>
    /// <param name="name">The study's name in the database.</param>
    public EmotionExperiment SetStudy(string database, string name = "experiment")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        _database = database;
        _study = _study with { Name = name };
        return this;
    }

    /// <summary>Runs or resumes the experiment on another thread.</summary>
    /// <param name="folder">The folder for the trials' models and checkpoints. Default: next to the SQLite file and named after it and the
    /// study, or in <c>artifacts/runs</c> for PostgreSQL.</param>
    /// <param name="cancellationToken">Stops the experiment; completed trials are kept.</param>
    /// <exception cref="InvalidOperationException">There is no data set or no search space.</exception>
    /// <exception cref="ExperimentException">The database can't be used, or no trial could be trained to the end.</exception>
    /// <exception cref="OperationCanceledException">The experiment was stopped. A study of pipelines returns its best result instead, if
    /// there is one.</exception>
    /// <exception cref="FerDataException">The data have too few faces for a label.</exception>
    public Task<StudyResult> RunAsync(string? folder = null, CancellationToken cancellationToken = default)
    {
        if (_dataset is not null && _pipelines is not null)
            return Task.Run(() => RunPipelines(_dataset, _pipelines, folder ?? DefaultFolder(), cancellationToken), CancellationToken.None);
        if (_dataset is null || _study.Space.Parameters.Count == 0)
            throw new InvalidOperationException(
                $"The experiment has no {(_dataset is null ? "data set; call SetDataset" : "search space; call SetSearchSpace")} first.");
        OptionsValidator.Check(_study);
        return Task.Run(() => Run(_dataset, folder, cancellationToken), cancellationToken);
    }

    private StudyResult Run(FerDataset dataset, string? folder, CancellationToken cancellationToken)
    {
        var store = StudyStore.Open(_database);
        var study = _study with { Notes = StudyNotes.Of(_task.Name, _preset.Name, _limit) };
        store.Begin(study);
        var runner = new TrainingTrialRunner(TrialRecipe.Of(study, dataset, folder ?? DefaultFolder(), _preset, _options));
        new StudyWorker(store, _study.Name, runner, _worker).Run(cancellationToken);
        return StudyResult.Of(store, _study.Name, runner, _mlContext);
    }

    private StudyResult RunPipelines(
        FerDataset dataset, IReadOnlyList<EmotionPipeline> pipelines, string folder, CancellationToken cancellationToken)
    {
        var faces = dataset.Where(face => face.Usage == Usage.Training && _task.Contains(face.Label));
        if (_limit is { } limit)
            faces = faces.Limit(limit, _study.Seed);
        if (pipelines.Count == 0)
            pipelines = EmotionPipeline.Suited(faces.Count, _task.Labels);
        var study = PipelineStudy.Of(_study with { Metric = _metric ?? StudyMetric.LogLoss, Seeds = 1 }, pipelines, faces, _task);
        OptionsValidator.Check(study);
        var runner = new PipelineTrialRunner(pipelines, new PipelineData(faces, _task), folder, study.Metric, study.Seed);
        var store = StudyStore.Open(_database);
        store.Begin(study);
        return PipelineStudy.Run(
            store, study, runner, _worker, _mlContext, Path.Combine(folder, "model.zip"), cancellationToken);
    }

    /// <summary>A separate folder per study, because a study resumes from the checkpoints in its folder.</summary>
    private string DefaultFolder() => StudyDialect.Of(_database).File is { } file
        ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}-{_study.Name}")
        : Path.Combine("artifacts", "runs", _study.Name);
}
