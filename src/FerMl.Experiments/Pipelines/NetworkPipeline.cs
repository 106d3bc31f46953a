using FerMl.Training;
using Microsoft.ML;

namespace FerMl.Experiments;

/// <summary>See <see cref="EmotionPipeline.FineTune"/> and <see cref="EmotionPipeline.FromScratch"/>.</summary>
internal sealed class NetworkPipeline : EmotionPipeline
{
    private const string LearningRate = "LearningRate", Epochs = "Epochs";
    private const int FewFaces = 2_000, SmallBatch = 32;

    private readonly string? _model;
    private readonly NetworkPreset? _preset;

    /// <param name="name">The pipeline's name.</param>
    /// <param name="model">The model to fine-tune, or null.</param>
    /// <param name="preset">The network to train from scratch, or null.</param>
    public NetworkPipeline(string name, string? model, NetworkPreset? preset) : base(
        name, model is null ? $"The network '{preset!.Name}' from random weights." : $"All layers of {model}, trained further.",
        model is null
            ? new SearchSpace().AddRange(LearningRate, preset!.Defaults.LearningRate / 4, preset.Defaults.LearningRate * 4, log: true)
                .AddInteger(Epochs, 8, 40, log: true)
            : new SearchSpace().AddRange(LearningRate, 0.002, 0.1, log: true).AddInteger(Epochs, 4, 24, log: true),
        (LearningRate, model is null ? preset!.Defaults.LearningRate.Invariant() : "0.02"), (Epochs, model is null ? "16" : "10")) =>
        (_model, _preset) = (model, preset);

    internal override FittedPipeline Fit(
        PipelineData data, int[] training, Configuration values, int seed, bool isFinal, CancellationToken cancellationToken)
    {
        var preset = _preset ?? NetworkPreset.All.FirstOrDefault(preset => preset.Name == data.Model(_model!).Card?.Network)
            ?? throw new ExperimentException(
                $"{_model} can't be trained further: its network '{data.Model(_model!).Card?.Network}' isn't a preset.");
        var options = new OptionValues(values);
        var epochs = options.Integer(Epochs);
        var recipe = preset.Complete(preset.Defaults with
        {
            Epochs = epochs,
            LearningRate = options.Number(LearningRate),
            BatchSize = training.Length < FewFaces ? Math.Min(SmallBatch, preset.Defaults.BatchSize) : preset.Defaults.BatchSize,
            WarmUpEpochs = Math.Min(preset.Defaults.WarmUpEpochs, epochs / 4.0),
            ValidationFraction = 0,
            EarlyStoppingPatience = 0,
            Calibrate = false,
            WeightFormat = isFinal && preset.Defaults.WeightFormat != WeightFormat.Float32 ? WeightFormat.Int8 : WeightFormat.Float32,
            Seed = seed,
            InitializeFrom = _model is null ? null : InitialWeights.FromModel(data.Model(_model)),
            Execution = new TrainingExecutionOptions { CancellationToken = cancellationToken },
        });
        var mlContext = new MLContext(seed);
        using var network = new EmotionTrainer(recipe).Fit(TrainingRun.Rows(mlContext, data.Faces.Select(training), data.Task));
        return new Fitted(data, network);
    }

    private sealed class Fitted(PipelineData data, EmotionTransformer network) : FittedPipeline
    {
        // Probabilities are clamped to this minimum before the logarithm.
        private const float Least = 1e-7f;

        private readonly byte[] _onnx = network.Onnx.ToArray();
        private readonly ReadOnlyMemory<byte> _trained = network.TrainedOnnx;
        private readonly ModelCard _card = network.CreateCard();
        private EmotionPredictor? _predictor;

        public override long Parameters => _card.Parameters;

        public override IReadOnlyList<float[]> Logits(IReadOnlyList<int> faces)
        {
            _predictor ??= new EmotionPredictor(EmotionNetwork.Open(_onnx, _card.Network));
            return [.. _predictor.Predict(data.Faces.Select(faces)).Select(
                prediction => prediction.Scores.Select(score => MathF.Log(Math.Max(Least, score.Score))).ToArray())];
        }

        public override void Save(ModelCalibration calibration, ModelData from, string path)
        {
            var isQuantized = _card.Quantization is not null;
            ModelFile.Save(
                ModelFile.Scoring(OnnxTemperature.Scale(_onnx, calibration.Temperature), _card.Labels),
                _card with { Calibration = calibration, Data = from }, path, overwrite: true,
                isQuantized ? OnnxTemperature.Scale(_trained, calibration.Temperature) : default);
        }

        public override void Dispose()
        {
            _predictor?.Dispose();
            base.Dispose();
        }
    }
}
