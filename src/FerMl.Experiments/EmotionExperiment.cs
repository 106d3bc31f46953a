using FerMl.Training;
using Microsoft.ML;

namespace FerMl.Experiments;

/// <summary>
/// Looks for a good model, in the shape of ML.NET's AutoML: set the data, what is searched and how long, and run it. It compares pipelines
/// (<see cref="SetPipelines"/>), or searches the training options of one network. All is kept in a study's database: the same experiment
/// run again resumes.
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

    /// <summary>Makes an experiment.</summary>
    /// <param name="mlContext">The context that the best model is loaded with.</param>
    public EmotionExperiment(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        _mlContext = mlContext;
    }

    /// <summary>The faces to train and score with: those of the usage Training.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="limit">The most of them, drawn with the labels in proportion; null for all.</param>
    public EmotionExperiment SetDataset(FerDataset dataset, int? limit = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        (_dataset, _limit) = (dataset, limit);
        return this;
    }

    /// <summary>The emotions; FER2013's seven where it isn't said.</summary>
    public EmotionExperiment SetTask(EmotionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _task = task;
        return this;
    }

    /// <summary>The network, and the options that aren't searched.</summary>
    /// <param name="preset">The network; <see cref="NetworkPreset.Fast"/> where it isn't said.</param>
    /// <param name="options">The options; the preset's where they aren't given.</param>
    public EmotionExperiment SetTrainer(NetworkPreset preset, EmotionTrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        (_preset, _options) = (preset, options);
        return this;
    }

    /// <summary>What is searched. Names are those of <see cref="EmotionTrainerOptions"/>.</summary>
    public EmotionExperiment SetSearchSpace(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        _study = _study with { Space = space };
        return this;
    }

    /// <summary>
    /// What is searched: the properties of a record with <see cref="SearchRangeAttribute"/> or <see cref="SearchChoiceAttribute"/>, named
    /// as those of <see cref="EmotionTrainerOptions"/>.
    /// </summary>
    public EmotionExperiment SetSearchSpace<T>() => SetSearchSpace(SearchSpace.Of<T>());

    /// <summary>
    /// Instead of the options of one network, whole ways from faces to a model are compared: the quickest first, each with its first
    /// values, then the tuner chooses. Every trial is cross-validated, or scored on a fifth of the faces where there are many, and the best
    /// is fitted to all of them. <see cref="SetTrainer"/>, <see cref="SetSearchSpace(SearchSpace)"/> and <see cref="SetSchedule"/> mean
    /// nothing then.
    /// </summary>
    /// <param name="pipelines">The pipelines; those that suit the data (<see cref="EmotionPipeline.Suited"/>) where none is given.</param>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    public EmotionExperiment SetPipelines(params IEnumerable<EmotionPipeline> pipelines)
    {
        EmotionPipeline[] given = [.. pipelines];
        if (given.CountBy(pipeline => pipeline.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"The pipeline {twice} is given twice.", nameof(pipelines));
        _pipelines = given;
        return this;
    }

    /// <summary>How configurations are chosen; by the tree-structured Parzen estimator where it isn't said.</summary>
    public EmotionExperiment SetTuner(TunerKind tuner)
    {
        _study = _study with { Tuner = tuner };
        _worker = _worker with { Tuner = null };
        return this;
    }

    /// <summary>Configurations are chosen by a tuner of one's own.</summary>
    /// <param name="tuner">The tuner; whoever else works at the study needs an equal one.</param>
    public EmotionExperiment SetTuner(ITuner tuner)
    {
        ArgumentNullException.ThrowIfNull(tuner);
        _study = _study with { Tuner = TunerKind.Custom };
        _worker = _worker with { Tuner = tuner };
        return this;
    }

    /// <summary>How far trials are trained.</summary>
    /// <param name="schedule">The kind.</param>
    /// <param name="epochs">Epochs of a trial that is trained to the end.</param>
    /// <param name="firstEpochs">Epochs after which trials are first compared.</param>
    /// <param name="factor">One of so many continues at each rung.</param>
    public EmotionExperiment SetSchedule(ScheduleKind schedule, int epochs = 9, int firstEpochs = 1, int factor = 3)
    {
        _study = _study with { Schedule = schedule, Epochs = epochs, FirstEpochs = firstEpochs, Factor = factor };
        return this;
    }

    /// <summary>What is made as good as can be, and over how many trainings of a trial.</summary>
    /// <param name="metric">The metric. Where it isn't set: accuracy; of pipelines log-loss, which chance decides less.</param>
    /// <param name="seeds">Trainings of a trial; of pipelines repeated cross-validation does that.</param>
    public EmotionExperiment SetMetric(StudyMetric metric, int seeds = 1)
    {
        _metric = metric;
        _study = _study with { Metric = metric, Seeds = seeds };
        return this;
    }

    /// <summary>Who is told of each trial that was trained as far as was asked, or failed.</summary>
    public EmotionExperiment SetMonitor(IProgress<Trial> monitor)
    {
        _worker = _worker with { Monitor = monitor };
        return this;
    }

    /// <summary>The most trials.</summary>
    public EmotionExperiment SetMaxTrials(int trials)
    {
        _study = _study with { MaxTrials = trials };
        return this;
    }

    /// <summary>
    /// The most time. A study of training options begins no further trial after it. A study of pipelines stops the trial under way in time
    /// to fit the best pipeline to all faces, and resumes it when it is run again.
    /// </summary>
    /// <param name="time">The time, above 0.</param>
    public EmotionExperiment SetMaxTime(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        _worker = _worker with { Budget = time };
        return this;
    }

    /// <summary><see cref="SetMaxTime"/> by the name that it has in ML.NET's AutoML.</summary>
    /// <param name="seconds">The time in seconds, above 0.</param>
    public EmotionExperiment SetTrainingTimeInSeconds(uint seconds) => SetMaxTime(TimeSpan.FromSeconds(seconds));

    /// <summary>Seed of all that is drawn at random.</summary>
    public EmotionExperiment SetSeed(int seed)
    {
        _study = _study with { Seed = seed };
        return this;
    }

    /// <summary>Where the study is kept.</summary>
    /// <param name="database">The path of a SQLite file, or a connection string of PostgreSQL.</param>
    /// <param name="name">The study's name in it.</param>
    public EmotionExperiment SetStudy(string database, string name = "experiment")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        _database = database;
        _study = _study with { Name = name };
        return this;
    }

    /// <summary>Runs the experiment, or resumes it, on a thread of its own.</summary>
    /// <param name="folder">The folder for the trials' models and checkpoints; beside the SQLite file, named after it and the study, where
    /// it isn't given, or in <c>artifacts/runs</c> for PostgreSQL.</param>
    /// <param name="cancellationToken">Stops it; what was tried is kept.</param>
    /// <exception cref="InvalidOperationException">There is no data set or nothing to search.</exception>
    /// <exception cref="ExperimentException">The database can't be used, or no trial could be trained to the end.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; a study of pipelines gives the best so far instead, if there is
    /// one.</exception>
    /// <exception cref="FerDataException">The data have too few faces of a label.</exception>
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

    /// <summary>No other study's: it would resume from that one's checkpoints.</summary>
    private string DefaultFolder() => StudyDialect.Of(_database).File is { } file
        ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}-{_study.Name}")
        : Path.Combine("artifacts", "runs", _study.Name);
}
