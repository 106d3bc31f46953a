using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Trains a network over the frames of clips on a pixel column and a label key: what a trained model of single faces sees in each frame
/// stays as it is, and a BiLSTM learns to read it. Made by <c>mlContext.MulticlassClassification.Trainers.EmotionSequence(...)</c>.
/// </summary>
public sealed class SequenceTrainer : IEstimator<EmotionTransformer>
{
    private readonly EmotionModel _model;
    private readonly SequenceTrainerOptions _options;

    internal SequenceTrainer(EmotionModel model, SequenceTrainerOptions options) => (_model, _options) = (model, options);

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with the pixel column and the label key (see <see cref="ClipDataCatalog.LoadFromClips"/>); both are read
    /// once.</param>
    /// <returns>The fitted network, with the epochs' history.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the labels aren't the model's.</exception>
    /// <exception cref="EmotionModelException">The model isn't a single one of single faces.</exception>
    /// <exception cref="TrainingException">The rows don't suit training, or it diverged.</exception>
    /// <exception cref="FerDataException">A clip can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
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
                    + $"{FaceResampler.PixelCount} single-precision numbers, as LoadFromClips gives.");
        var label = Column(_options.LabelColumnName);
        if (label.Type.RawType != typeof(uint) || LabelKeys.Of(label) is not { Length: >= 2 } labels)
            throw new ArgumentException(
                $"Column '{label.Name}' has type {label.Type}; the trainer needs a key whose values are two or more labels, as "
                    + $"MapEmotionToKey gives.");
        return labels.SequenceEqual(_model.Labels) ? labels : throw new ArgumentException(
            $"The clips' labels are {string.Join(", ", labels)}, but {_model.Name} tells {string.Join(", ", _model.Labels)}; take a model "
                + $"of the same labels in the same order.");

        DataViewSchema.Column Column(string name) => schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"The data has no column '{name}' to train on; its columns are {string.Join(", ", schema.Select(c => c.Name))}.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EmotionTransformer Train(ClipFeatures clips, FrameFeatures features, string[] labels)
    {
        // So small a network is fastest on one thread, and doesn't wait for processors that others keep busy.
        using var threads = new ComputeThreads(1, multiplyAdds: 0);
        using var scope = NewDisposeScope();
        manual_seed(_options.Seed);
        var held = _options.ValidationFraction == 0 ? [] : _options.HeldOut.Count > 0 ? [.. _options.HeldOut]
            : Stratification.Draw([.. clips.Classes.Select((label, i) => (i, label))], _options.ValidationFraction, _options.Seed);
        int[] trained = [.. Enumerable.Range(0, clips.Classes.Length).Except(held)];
        if (trained.Length == 0 || (_options.ValidationFraction > 0 && held.Length == 0))
            throw new TrainingException(
                $"{clips.Classes.Length} clips are too few to hold {_options.ValidationFraction.Invariant("P0")} of them out; set "
                    + $"ValidationFraction to 0 or give more.");
        using var network = SequenceNetwork.Create(clips.Frames, features.Width, labels.Length, _options);
        var values = tensor(clips.Values, [clips.Classes.Length, clips.Frames, features.Width]);
        var classes = tensor(Array.ConvertAll(clips.Classes, label => (long)label));
        var history = Descend(network, values, classes, trained, held);

        network.eval();
        var fit = held.Length == 0 ? default : TemperatureScaling.Fit(
            [new WeightedLogits(Logits(network, values, held), 1)], [.. held.Select(clip => clips.Classes[clip])], labels.Length);
        var temperature = held.Length == 0 ? 1 : fit.Temperature;
        var onnx = SequenceNetwork.Export(network, features, clips.Frames, labels, temperature);
        ModelCalibration? calibration = held.Length == 0 ? null
            : Calibration(labels, [.. held.Select(clip => clips.Classes[clip])], Logits(network, values, held), fit);
        return new EmotionTransformer(
            ModelFile.ScoringOf(onnx, labels, _options.FeatureColumnName, clips.Frames), onnx, onnx, history,
            Card(labels, network, clips, history, calibration));
    }

    private List<EpochReport> Descend(LayerStack network, Tensor values, Tensor classes, int[] trained, int[] held)
    {
        var training = new EmotionTrainerOptions
        {
            Optimizer = OptimizerKind.AdamW,
            WeightDecay = _options.WeightDecay,
        };
        using var weights = new FlatWeights(network);
        using var optimizer = new WeightOptimizer(weights, training);
        var history = new List<EpochReport>();
        using var best = weights.All.detach().clone();
        var random = new Random(_options.Seed);
        var start = Stopwatch.GetTimestamp();
        for (var epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            var begun = Stopwatch.GetTimestamp();
            random.Shuffle(trained);
            network.train();
            var (loss, right, rate) = (0.0, 0L, 0.0);
            foreach (var (number, batch) in trained.Chunk(_options.BatchSize).Index())
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                var done = (epoch - 1 + (double)number * _options.BatchSize / trained.Length) / _options.Epochs;
                rate = _options.LearningRate * (1 + Math.Cos(Math.PI * done)) / 2;
                using var step = NewDisposeScope();
                var chosen = tensor(Array.ConvertAll(batch, clip => (long)clip));
                var (input, truth) = (values.index_select(0, chosen), classes.index_select(0, chosen));
                optimizer.ZeroGradients();
                var logits = network.forward(input);
                var error = nn.functional.cross_entropy(logits, truth);
                error.backward();
                optimizer.Step(rate);
                loss += error.item<float>() * batch.Length;
                right += logits.argmax(1).eq(truth).sum().item<long>();
            }
            if (!double.IsFinite(loss))
                throw new TrainingException(
                    $"Training diverged in epoch {epoch}: the loss is no number. Take a smaller learning rate than "
                        + $"{_options.LearningRate.Invariant()}.");
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var (heldLoss, heldAccuracy) = Measure(network, values, classes, held);
            var isBest = heldAccuracy is null || history.TrueForAll(former =>
                (heldAccuracy, -heldLoss).CompareTo((former.ValidationAccuracy, -former.ValidationLoss)) > 0);
            if (isBest)
                using (no_grad())
                    best.copy_(weights.All);
            history.Add(new EpochReport(
                epoch, loss / trained.Length, (double)right / trained.Length, heldLoss, heldAccuracy, rate, trained.Length / seconds,
                Stopwatch.GetElapsedTime(start).TotalSeconds, isBest));
            _options.EpochProgress?.Report(history[^1]);
        }
        using (no_grad())
            weights.All.copy_(best);
        return history;
    }

    private static (double? Loss, double? Accuracy) Measure(LayerStack network, Tensor values, Tensor classes, int[] held)
    {
        if (held.Length == 0)
            return (null, null);
        network.eval();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var chosen = tensor(Array.ConvertAll(held, clip => (long)clip));
        var (logits, truth) = (network.forward(values.index_select(0, chosen)), classes.index_select(0, chosen));
        return (
            nn.functional.cross_entropy(logits, truth).item<float>(),
            logits.argmax(1).eq(truth).sum().item<long>() / (double)held.Length);
    }

    private static float[] Logits(LayerStack network, Tensor values, int[] clips)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var chosen = tensor(Array.ConvertAll(clips, clip => (long)clip));
        return network.forward(values.index_select(0, chosen)).contiguous().data<float>().ToArray();
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
            Network = $"sequence of {clips.Frames} frames, each seen by {of?.Network ?? _model.Name}",
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
