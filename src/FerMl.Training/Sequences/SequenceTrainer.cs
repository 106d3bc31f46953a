using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Trains a network over the frames of clips on a pixel column and a label key. A trained single-face model extracts each frame's features
/// and stays unchanged; a BiLSTM learns from them. Create it with <c>mlContext.MulticlassClassification.Trainers.EmotionSequence(...)</c>.
/// </summary>
public sealed class SequenceTrainer : IEstimator<EmotionTransformer>
{
    private readonly EmotionModel _model;
    private readonly SequenceTrainerOptions _options;

    internal SequenceTrainer(EmotionModel model, SequenceTrainerOptions options) => (_model, _options) = (model, options);

    /// <summary>Trains the network.</summary>
    /// <param name="input">Rows with the pixel column and the label key (see <see cref="ClipDataCatalog.LoadFromClips"/>); both are read
    /// once.</param>
    /// <returns>The fitted network, with a report for each epoch.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the labels aren't the model's.</exception>
    /// <exception cref="EmotionModelException">The model isn't a single-face model, or is an ensemble.</exception>
    /// <exception cref="TrainingException">The rows aren't suitable for training, or training diverged.</exception>
    /// <exception cref="FerDataException">A clip can't be read.</exception>
    /// <exception cref="OperationCanceledException">Training was canceled.</exception>
    public EmotionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        LibTorch.Require();
        var labels = CheckColumns(input.Schema);
        using var features = new FrameFeatures(_model);
        return Train(ClipFeatures.Read(input, features, _options), features, labels);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new MLContext().MulticlassClassification.Trainers
            .SdcaMaximumEntropy(_options.LabelColumnName, _options.FeatureColumnName).GetOutputSchema(inputSchema);
    }

    private string[] CheckColumns(DataViewSchema schema)
    {
        var features = Column(_options.FeatureColumnName);
        if (features.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw }, Size: > 0 and var size }
            || raw != typeof(float) || size % FaceResampler.PixelCount != 0
            || size / FaceResampler.PixelCount > ClipDataCatalog.MaxFrames)
            throw new ArgumentException(
                $"Column '{features.Name}' has type {features.Type}; the trainer needs a vector of 1 to {ClipDataCatalog.MaxFrames} times "
                    + $"{FaceResampler.PixelCount} float32 numbers, as LoadFromClips gives.");
        var label = Column(_options.LabelColumnName);
        if (label.Type.RawType != typeof(uint) || LabelKeys.Of(label) is not { Length: >= 2 } labels)
            throw new ArgumentException(
                $"Column '{label.Name}' has type {label.Type}; the trainer needs a key whose values are two or more labels, as "
                    + $"MapEmotionToKey gives.");
        return labels.SequenceEqual(_model.Labels) ? labels : throw new ArgumentException(
            $"The clips' labels are {string.Join(", ", labels)}, but {_model.Name} predicts {string.Join(", ", _model.Labels)}; take a "
                + $"model of the same labels in the same order.");

        DataViewSchema.Column Column(string name) => schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"The data has no column '{name}' to train on; its columns are {string.Join(", ", schema.Select(c => c.Name))}.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EmotionTransformer Train(ClipFeatures clips, FrameFeatures features, string[] labels)
    {
        // A network this small is fastest on one thread, which doesn't wait for processors that other processes use.
        using var threads = new ComputeThreads(1, multiplyAdds: 0);
        using var scope = NewDisposeScope();
        manual_seed(_options.Seed);
        var held = _options.ValidationFraction == 0 ? [] : _options.HeldOut.Count > 0 ? [.. _options.HeldOut]
            : Stratification.Draw([.. clips.Classes.Select((label, i) => (i, label))], _options.ValidationFraction, _options.Seed);
        int[] trained = [.. Enumerable.Range(0, clips.Classes.Length).Except(held)];
        if (trained.Length == 0 || (_options.ValidationFraction > 0 && held.Length == 0))
            throw new TrainingException(
                $"{clips.Classes.Length.Counted("clip")}: too few to hold {_options.ValidationFraction.Invariant("P0")} of them out; set "
                    + $"ValidationFraction to 0 or give more.");
        using var network = SequenceNetwork.Create(clips.Frames, features.Width, labels.Length, _options);
        var loop = new SequenceLoop(network, clips, _options);
        var history = loop.Run(trained, held);
        int[] truth = [.. held.Select(clip => clips.Classes[clip])];
        var logits = held.Length == 0 ? [] : loop.Logits(held);
        var fit = held.Length == 0 ? new TemperatureFit(1, IsClamped: false)
            : TemperatureScaling.Fit([new WeightedLogits(logits, 1)], truth, labels.Length);
        var onnx = SequenceNetwork.Export(network, features, clips.Frames, labels, fit.Temperature);
        return new EmotionTransformer(
            ModelFile.ClipScoring(onnx, labels, _options.FeatureColumnName, clips.Frames), onnx, onnx, history,
            Card(labels, network, clips, history, held.Length == 0 ? null : Calibration(labels, truth, logits, fit)));
    }

    private static ModelCalibration Calibration(string[] labels, int[] truth, float[] logits, TemperatureFit fit)
    {
        return new ModelCalibration(fit.Temperature, truth.Length, Error(1), Error(fit.Temperature), fit.IsClamped);

        double Error(double temperature) => EmotionMetrics.Compute(
            labels, truth, TemperatureScaling.Scores([new WeightedLogits(logits, 1)], labels.Length, temperature)).ExpectedCalibrationError;
    }

    private ModelCard Card(
        string[] labels, LayerStack network, ClipFeatures clips, List<EpochReport> history, ModelCalibration? calibration)
    {
        var best = history.FindLast(report => report.IsBest)!;
        var of = _model.Card;
        return new ModelCard
        {
            Created = DateTimeOffset.UtcNow,
            Task = EmotionTrainer.TaskName(labels),
            Labels = labels,
            Network = $"sequence of {clips.Frames.Counted("frame")}, each seen by {of?.Network ?? _model.Name}",
            Layers = [.. network.Steps.Select(step => step.Layer.ToString())],
            Parameters = (of?.Parameters ?? 0) + network.parameters().Sum(parameter => parameter.numel()),
            MultiplyAdds = clips.Frames * (of?.MultiplyAdds ?? 0)
                + LayerStack.MultiplyAdds(network.Steps.Select(step => step.Layer), [clips.Frames, clips.Width]),
            TestTimeAugmentation = of?.TestTimeAugmentation ?? nameof(Training.TestTimeAugmentation.None),
            Calibration = calibration,
            Quantization = of?.Quantization,
            Precision = nameof(ScalarType.Float32),
            Device = nameof(DeviceType.CPU),
            InitializedFrom = _model.Name,
            Options = JsonSerializer.SerializeToNode(_options, FerMlJson.Options) as JsonObject,
            Training = new ModelTraining(
                history.Count, best.Epoch, history[^1].Seconds, best.TrainingAccuracy, best.ValidationAccuracy, best.ValidationLoss),
            Versions = EmotionTrainer.Versions(),
        };
    }
}
