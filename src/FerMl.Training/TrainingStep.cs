using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// One step of training, and what it carries from step to step: forward, loss, backward, change of the weights, their average.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly FaceNetwork _network;
    private readonly EmotionTrainerOptions _options;
    private readonly Device _device;
    private readonly TrainingObjective _objective;

    /// <param name="network">The network, on the device.</param>
    /// <param name="options">How to train; validated.</param>
    /// <param name="classCounts">Number of faces to train on of each class.</param>
    /// <param name="device">Where the network is.</param>
    public TrainingStep(FaceNetwork network, EmotionTrainerOptions options, IReadOnlyList<int> classCounts, Device device)
    {
        (_network, _options, _device) = (network, options, device);
        _objective = new TrainingObjective(options, classCounts, device);
        Optimizer = new WeightOptimizer(network, options);
        Ema = options.EmaDecay > 0 ? new WeightEma(network, options.EmaDecay) : null;
    }

    public WeightOptimizer Optimizer { get; }

    /// <summary>The moving average of the weights, where the options want one.</summary>
    public WeightEma? Ema { get; }

    /// <summary>Trains on a batch. The caller has a dispose scope open.</summary>
    /// <returns>The loss, one number, and the logits [batch, classes].</returns>
    public (Tensor Loss, Tensor Logits) Run(Batch batch, double learningRate)
    {
        var faces = tensor(batch.Pixels.AsMemory(0, batch.Count * batch.ImageSize * batch.ImageSize),
            [batch.Count, 1, batch.ImageSize, batch.ImageSize], device: _device);
        var classes = batch.Targets.Length / batch.Labels.Length;
        var targets = tensor(batch.Targets.AsMemory(0, batch.Count * classes), [batch.Count, classes], device: _device);

        var logits = _network.forward(faces);
        var loss = _objective.Of(logits, targets);
        Optimizer.ZeroGradients();
        loss.backward();
        if (_options.GradientClipNorm > 0)
            nn.utils.clip_grad_norm_(_network.parameters(), _options.GradientClipNorm);
        Optimizer.Step(learningRate);
        Ema?.Update();
        return (loss, logits);
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Ema?.Dispose();
        _objective.Dispose();
    }
}
