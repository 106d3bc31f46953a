using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FerMl.Training.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace FerMl.Training;

/// <summary>
/// Trains a network on a pixel column and a label key. Create it with <c>mlContext.MulticlassClassification.Trainers.Cnn(...)</c> or
/// <c>.CnnBiLstm(...)</c>.
/// </summary>
public sealed class EmotionTrainer : IEstimator<EmotionTransformer>
{
    private readonly EmotionTrainerOptions _options;
    private readonly NetworkDefinition _network;

    /// <param name="options">Validated options with a network: see <see cref="NetworkPreset.Complete"/>.</param>
    internal EmotionTrainer(EmotionTrainerOptions options) => (_options, _network) = (options, options.Network!);

    /// <summary>Trains the network.</summary>
    /// <param name="input">Rows with the pixel column and the label key; both are read once.</param>
    /// <returns>The fitted network, with a report for each epoch.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="TrainingException">The rows aren't suitable for training, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was canceled without an epoch to keep.</exception>
    public EmotionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        LibTorch.Require();
        var labels = CheckColumns(input.Schema);
        // In a notebook, training shows its progress and stops when the cell is interrupted, unless the caller handles these.
        var execution = _options.Execution;
        using var interrupt = execution.CancellationToken.CanBeCanceled ? null : Notebook.Interrupt();
        return new EmotionTrainer(_options with
        {
            Execution = execution with
            {
                EpochProgress = NotebookProgress.Or(execution.EpochProgress, _options.Epochs),
                CancellationToken = interrupt?.Token ?? execution.CancellationToken,
            },
        }).Train(input, labels);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EmotionTransformer Train(IDataView input, string[] labels)
    {
        var device = DeviceChoice.Resolve(_options.Execution.Device);
        using var threads = new ComputeThreads(_options.Execution.Threads, _network.MultiplyAddsOf(_options.CropSize));
        using var scope = torch.NewDisposeScope();
        var set = TrainingSet.Read(input, labels, _options, _options.InitializeFrom?.HeldOut);

        using var memory = new RetainedMemory();
        torch.manual_seed(_options.Seed);
        var (mean, standardDeviation) = set.PixelStatistics();
        using var network = new FaceNetwork(
            _network, labels.Length, mean, standardDeviation, SoftTargets.AuxiliaryClasses(_options));
        _options.InitializeFrom?.LoadInto(network, labels);
        network.to(device);
        var computeType = PrecisionChoice.Resolve(_options.Precision, _network, _options.BatchSize, device);
        network.ComputeType = computeType;
        // With bfloat16, BiLSTM and classifier stay in float32. TensorFloat-32 is precise enough for them, and twice as fast.
        if (device.type == DeviceType.CUDA)
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = computeType == torch.ScalarType.BFloat16;
        IReadOnlyList<EpochReport> history;
        using (var loop = new TrainingLoop(network, set, _options, device, threads))
            history = loop.Run();
        var exported = ClassifierGraph.Parse(
            OnnxExporter.Export(network, labels, _options.TestTimeAugmentation, _options.WeightFormat, _options.CropSize));
        var isInt8 = _options.WeightFormat == WeightFormat.Int8;
        var final = !isInt8 ? exported : ModelQuantizer.Quantize(
            exported, [.. ModelQuantizer.Spread(set.Training).Select(face => set.PixelsOf(face).ToArray())]);
        ModelCalibration? calibration = null;
        // Without duplicates of training faces, on which the network is more confident than on others.
        if (_options.Calibrate && set.ValidationWithoutDuplicates is { Length: > 0 } heldOut)
        {
            (final, calibration) = ModelCalibrator.Calibrate(
                final, labels, [.. heldOut.Select(face => set.PixelsOf(face).ToArray())], [.. heldOut.Select(face => set.Labels[face])]);
            if (isInt8)
                exported = OnnxTemperature.Scale(exported, calibration.Temperature);
        }
        var onnx = final.ToByteArray();
        var scoring = ModelFile.Scoring(onnx, labels, _options.FeatureColumnName);
        var card = Card(labels, network, history, calibration, computeType, device) with
        {
            HeldOut = set.ValidationKeys,
            Quantization = !isInt8 ? null : new ModelQuantization(Math.Min(ModelQuantizer.Faces, set.Training.Length)),
        };
        return new EmotionTransformer(scoring, onnx, isInt8 ? exported.ToByteArray() : onnx, history, card);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        // ML.NET's own trainer checks the columns and adds the same outputs: Score and PredictedLabel.
        return new MLContext().MulticlassClassification.Trainers
            .SdcaMaximumEntropy(_options.LabelColumnName, _options.FeatureColumnName)
            .GetOutputSchema(inputSchema);
    }

    private string[] CheckColumns(DataViewSchema schema)
    {
        var features = Column(_options.FeatureColumnName);
        if (features.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw }, Size: FaceResampler.PixelCount }
            || raw != typeof(float))
            throw Wrong(features, $"a vector of {FaceResampler.PixelCount} float32 numbers, as FacePixels gives");
        var label = Column(_options.LabelColumnName);
        if (label.Type.RawType != typeof(uint) || LabelKeys.Of(label) is not { Length: >= 2 } labels)
            throw Wrong(label, "a key whose values are two or more labels, as MapEmotionToKey gives");
        return labels;

        DataViewSchema.Column Column(string name) => schema.GetColumnOrNull(name)
            ?? throw new ArgumentException(
                $"The data has no column '{name}' to train on; its columns are {string.Join(", ", schema.Select(c => c.Name))}.");

        static ArgumentException Wrong(DataViewSchema.Column column, string expected) =>
            new($"Column '{column.Name}' has type {column.Type}; the trainer needs {expected}.");
    }

    private ModelCard Card(
        string[] labels, FaceNetwork network, IReadOnlyList<EpochReport> history, ModelCalibration? calibration,
        torch.ScalarType computeType, torch.Device device)
    {
        var best = history.Last(report => report.IsBest);
        return new ModelCard
        {
            Created = DateTimeOffset.UtcNow,
            Task = TaskName(labels),
            Labels = labels,
            Network = network.Definition.Name,
            MultiplyAdds = network.Definition.MultiplyAddsOf(_options.CropSize),
            Layers = [.. network.Definition.Layers.Select(layer => layer.ToString())],
            Parameters = network.ParameterCount,
            TestTimeAugmentation = _options.TestTimeAugmentation.ToString(),
            Calibration = calibration,
            Precision = computeType.ToString(),
            Device = device.type.ToString(),
            InitializedFrom = _options.InitializeFrom?.Name,
            Teachers = [.. _options.Teachers.Select(teacher => teacher.Name)],
            Options = JsonSerializer.SerializeToNode(_options, FerMlJson.Options) as JsonObject,
            Training = new ModelTraining(
                history.Count, best.Epoch, history[^1].Seconds, best.TrainingAccuracy, best.ValidationAccuracy, best.ValidationLoss),
            Versions = Versions(),
        };
    }

    /// <summary>Versions of the software that trains, for the card.</summary>
    internal static Dictionary<string, string> Versions() => new()
    {
        ["ferml"] = ThisAssembly.Version,
        ["torchsharp"] = VersionOf(typeof(torch)),
        ["ml.net"] = VersionOf(typeof(MLContext)),
        ["runtime"] = Environment.Version.ToString(),
    };

    /// <summary>The name of the task with these labels.</summary>
    internal static string TaskName(string[] labels)
    {
        // Keys may contain any text; only emotions have a task name.
        var emotions = labels.Select(label => EmotionNames.TryParse(label, out var emotion) ? emotion : (Emotion?)null).ToArray();
        return emotions.All(emotion => emotion is not null) && emotions.Distinct().Count() == emotions.Length
            ? EmotionTask.Of(emotions.Select(emotion => emotion!.Value)).Name
            : string.Join(',', labels);
    }

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
