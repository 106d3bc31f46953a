using System.Text.Json;
using FerMl.Reporting;
using Microsoft.ML;

namespace FerMl.Training;

/// <summary>
/// A training with its files: <c>model.zip</c>, <c>card.json</c>, <c>history.jsonl</c> (a line per epoch, written when it ends),
/// <c>events/</c> for TensorBoard, and checkpoints, from which a stopped or killed run resumes.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class TrainingRun : IHtmlValue
{
    private static readonly string[] Files = [
        "model.zip", "card.json", RunHistory.FileName, CheckpointFolder.FileName, CheckpointFolder.PreviousFileName];

    private readonly Lazy<EmotionEvaluation?> _validation;

    private TrainingRun(string modelPath, ModelCard card, IReadOnlyList<EpochReport> history, FerDataset dataset)
    {
        (ModelPath, Card, History) = (modelPath, card, new TrainingHistory(history));
        _validation = new Lazy<EmotionEvaluation?>(() => Validate(dataset));
    }

    /// <summary>Path of the model file.</summary>
    public string ModelPath { get; }

    /// <summary>The model's card.</summary>
    public ModelCard Card { get; }

    /// <summary>A report for each epoch.</summary>
    public IReadOnlyList<EpochReport> History { get; }

    /// <summary>
    /// The evaluation on the validation split, which selected the best epoch and the temperature, so the result is slightly better than on
    /// new faces. It runs on first access; null without a validation split.
    /// </summary>
    /// <exception cref="EmotionModelException">The model file is missing, or was replaced by another.</exception>
    public EmotionEvaluation? Validation => _validation.Value;

    /// <summary>The result, curves, confusion matrix of the validation split and table of epochs, as HTML for notebooks.</summary>
    public string ToHtml() =>
        $"<p>{PlainText.Html(Summary)}</p>" + ((TrainingHistory)History).ToHtml()
            + (File.Exists(ModelPath) ? Validation?.ConfusionMatrix("Held-out faces").ToHtml() : "");

    private string Summary => $"{History.Count.Counted("epoch")}"
        + (Card.Training is { } training ? $", the best {training.BestEpoch}"
            + (training.ValidationAccuracy is { } accuracy ? $" (validation accuracy {accuracy.Invariant("P1")})" : "") : "")
        + $"; model: {ModelPath}";

    private EmotionEvaluation? Validate(FerDataset dataset)
    {
        var model = EmotionModel.Load(ModelPath);
        if (ModelCalibrator.TryHeldOutFaces(model, dataset) is not { } heldOut)
            return null;
        using var predictor = model.CreatePredictor();
        return EmotionEvaluation.Run(predictor, heldOut, new EvaluationOptions { Usages = [Usage.Training] });
    }

    /// <summary>
    /// Trains and writes the files. With <see cref="TrainingExecutionOptions.Resume"/>, it resumes the run in the folder.
    /// </summary>
    /// <exception cref="IOException">The folder contains an earlier run and may not be overwritten, another run is using it, or it can't be
    /// written to.</exception>
    /// <exception cref="FerDataException">The data has no training faces with the task's labels.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="TrainingException">The data isn't suitable for training, or training diverged.</exception>
    /// <exception cref="CheckpointException">A checkpoint can't be written, or the one in the folder is of another training.</exception>
    /// <exception cref="OperationCanceledException">Training was canceled without an epoch to keep.</exception>
    /// <example>
    /// <code>
    /// var run = TrainingRun.Execute(new TrainingRunOptions
    /// {
    ///     Dataset = FerDataset.Load("data/fer2013.csv"),
    ///     Preset = NetworkPreset.Tiny,
    ///     Training = NetworkPreset.Tiny.Defaults with { Epochs = 2 },
    ///     OutputFolder = "artifacts/runs/example",
    /// });
    /// Console.WriteLine($"{run.ModelPath}, {run.History.Count} epochs");
    /// </code>
    /// </example>
    public static TrainingRun Execute(TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = options.OutputFolder;
        var training = options.Training ?? options.Preset.Defaults;
        training = options.Preset.Complete(training with { Execution = training.Execution with { CheckpointFolder = folder } });
        OptionsValidator.Check(options with { Training = training });
        var execution = training.Execution;
        DeviceChoice.Resolve(execution.Device);
        var (modelPath, cardPath) = (Path.Combine(folder, "model.zip"), Path.Combine(folder, "card.json"));
        using var onlyOne = FileLock.Take(folder);
        if (!execution.Resume)
            MakeRoom(folder, options.Overwrite);

        var faces = Faces(options);
        options.Started?.Invoke();
        using var history = new RunHistory(folder, NotebookProgress.Or(execution.EpochProgress, training.Epochs));
        var mlContext = new MLContext(training.Seed);
        var data = Rows(mlContext, faces, options.Task);
        using var network = Fit(new EmotionTrainer(training with { Execution = execution with { EpochProgress = history } }), data, folder);
        history.Complete(network.History);

        var card = network.CreateCard(new ModelData(options.Dataset.Source, faces.Count, faces.Fingerprint)
        {
            Annotation = faces.Annotation == Annotation.FerPlus ? "ferplus" : null,
        });
        ModelFile.Save(network, card, modelPath, overwrite: true, card.Quantization is null ? default : network.TrainedOnnx);
        AtomicFile.WriteText(cardPath, card.ToJson() + "\n", overwrite: true);
        return new TrainingRun(modelPath, card, network.History, options.Dataset);
    }

    private static EmotionTransformer Fit(EmotionTrainer trainer, IDataView data, string folder)
    {
        try
        {
            return trainer.Fit(data);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(
                $"The training was stopped. To continue from its last checkpoint in {folder}, run it again with Execution.Resume = true.",
                    e,
                e.CancellationToken);
        }
    }

    /// <summary>The completed epochs of a run, from its <c>history.jsonl</c>; empty if no epoch is complete.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="IOException">The file can't be read, or isn't a history.</exception>
    public static IReadOnlyList<EpochReport> ReadHistory(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var path = Path.Combine(folder, RunHistory.FileName);
        if (!File.Exists(path))
            return [];
        try
        {
            return [.. File.ReadLines(path)
                .Select(line => JsonSerializer.Deserialize<EpochReport>(line, FerMlJson.Line)
                    ?? throw new JsonException("a line is null"))];
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} isn't the history of a training: {e.Message}", e);
        }
    }

    /// <summary>The faces to train and validate with.</summary>
    internal static FerDataset Faces(TrainingRunOptions options)
    {
        var faces = options.Dataset.Where(face => face.Usage == Usage.Training && options.Task.Contains(face.Label));
        return options.Limit is { } limit ? faces.Limit(limit, (options.Training ?? options.Preset.Defaults).Seed) : faces;
    }

    /// <summary>Faces in the trainer's format: pixels, and the task's labels as keys.</summary>
    internal static IDataView Rows(MLContext mlContext, FerDataset faces, EmotionTask task)
    {
        var data = mlContext.Data.LoadFromFerDataset(faces);
        data = mlContext.Transforms.Conversion.MapEmotionToKey(task).Fit(data).Transform(data);
        return mlContext.Transforms.FacePixels().Fit(data).Transform(data);
    }

    /// <summary>Ensures that the folder has no earlier run: throws, or deletes that run's files and nothing else.</summary>
    internal static void MakeRoom(string folder, bool overwrite)
    {
        foreach (var existing in Files.Select(file => Path.Combine(folder, file)).Where(File.Exists))
        {
            if (!overwrite)
                throw new IOException(
                    $"{existing} already exists from an earlier run; continue that run with Execution.Resume, give another "
                        + $"TrainingRunOptions.OutputFolder, or replace it with TrainingRunOptions.Overwrite.");
            File.Delete(existing);
        }
        var events = Path.Combine(folder, RunHistory.EventsFolder);
        if (overwrite && Directory.Exists(events))
            Directory.Delete(events, recursive: true);
    }
}
