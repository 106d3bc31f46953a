using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>A training with its files: <c>model.zip</c>, <c>history.jsonl</c> (a line an epoch, written as it ends) and <c>card.json</c>.</summary>
public sealed class TrainingRun
{
    private TrainingRun(string modelPath, ModelCard card, IReadOnlyList<EpochReport> history) => (ModelPath, Card, History) = (modelPath, card, history);

    /// <summary>Where the model file is.</summary>
    public string ModelPath { get; }

    /// <summary>The model's card.</summary>
    public ModelCard Card { get; }

    /// <summary>A report for each epoch.</summary>
    public IReadOnlyList<EpochReport> History { get; }

    /// <summary>Trains and writes the files.</summary>
    /// <exception cref="IOException">The folder holds an earlier run and may not be overwritten, or can't be written to.</exception>
    /// <exception cref="FerDataException">The data have no training faces with the task's labels.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="TrainingException">The data don't suit training, or it diverged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing was to be kept.</exception>
    public static TrainingRun Execute(TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var training = options.Training ?? options.Preset.Defaults;
        training.Validate();
        var folder = options.OutputFolder;
        var (modelPath, historyPath, cardPath) = (Path.Combine(folder, "model.zip"), Path.Combine(folder, "history.jsonl"), Path.Combine(folder, "card.json"));
        if (!options.Overwrite && new[] { modelPath, historyPath, cardPath }.FirstOrDefault(File.Exists) is { } existing)
            throw new IOException($"{existing} is there already from an earlier run; give another folder with --out, or allow it to be replaced with --overwrite.");

        var faces = options.Dataset.Where(face => face.Usage == Usage.Training && options.Task.Contains(face.Emotion));
        if (options.Limit is { } limit)
            faces = faces.Limit(limit, training.Seed);

        Directory.CreateDirectory(folder);
        using var history = new HistoryFile(historyPath, training.EpochProgress);
        var mlContext = new MLContext(training.Seed);
        var data = mlContext.Data.LoadFromFerDataset(faces);
        data = mlContext.Transforms.Conversion.MapEmotionToKey(options.Task).Fit(data).Transform(data);

        // The label is mapped outside the pipeline that is saved, so that the model asks its callers for nothing but an image.
        var trainer = Trainer(mlContext, options.Preset, training with { EpochProgress = history });
        var pixels = mlContext.Transforms.FacePixels().Fit(data);
        using var network = trainer.Fit(pixels.Transform(data));
        var scored = network.Transform(pixels.Transform(data));
        var names = mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored);
        var pipeline = new TransformerChain<ITransformer>(pixels, network, names);

        var card = network.CreateCard(new ModelData(options.Dataset.Source, faces.Count, faces.Fingerprint));
        EmotionModel.Save(mlContext, pipeline, FaceOnly(mlContext).Schema, card, modelPath, options.Overwrite);
        AtomicFile.Write(cardPath, stream => stream.Write(Encoding.UTF8.GetBytes(card.ToJson() + "\n")), options.Overwrite);
        return new TrainingRun(modelPath, card, network.History);
    }

    private static EmotionTrainer Trainer(MLContext mlContext, NetworkPreset preset, EmotionTrainerOptions options)
    {
        var network = options.Network ?? preset.Network(options.Dropout);
        var trainers = mlContext.MulticlassClassification.Trainers;
        return network.HasBiLstm ? trainers.CnnBiLstm(options with { Network = network }) : trainers.Cnn(options with { Network = network });
    }

    private static IDataView FaceOnly(MLContext mlContext) => mlContext.Data.LoadFromEnumerable(Array.Empty<FaceImage>());

    /// <summary>Writes each epoch as it ends, so that what was trained is known whatever happens next; a run that fails before that leaves no file.</summary>
    private sealed class HistoryFile(string path, IProgress<EpochReport>? next) : IProgress<EpochReport>, IDisposable
    {
        private StreamWriter? _writer;

        public void Report(EpochReport value)
        {
            _writer ??= new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
            _writer.WriteLine(JsonSerializer.Serialize(value, FerMlJson.Line));
            next?.Report(value);
        }

        public void Dispose() => _writer?.Dispose();
    }
}
