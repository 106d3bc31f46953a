using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// One training step and its state between steps: forward, loss, backward, optimizer step, moving average of the weights.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly FaceNetwork _network;
    private readonly Device _device;
    private readonly TrainingObjective _objective;
    private readonly FlatWeights _weights;
    private readonly int _classes;

    /// <param name="network">The network, on the device.</param>
    /// <param name="options">How to train; validated.</param>
    /// <param name="classCounts">Number of training faces of each class.</param>
    /// <param name="device">The network's device.</param>
    public TrainingStep(FaceNetwork network, EmotionTrainerOptions options, IReadOnlyList<int> classCounts, Device device)
    {
        (_network, _device, _classes) = (network, device, classCounts.Count);
        _objective = new TrainingObjective(options, classCounts, device);
        _weights = new FlatWeights(network);
        Optimizer = new WeightOptimizer(_weights, options);
        Ema = options.EmaDecay > 0 ? new WeightEma(_weights, options.EmaDecay) : null;
        Meter = new TrainingMeter(device);
    }

    public WeightOptimizer Optimizer { get; }

    /// <summary>The moving average of the weights, if the options request one.</summary>
    public WeightEma? Ema { get; }

    /// <summary>Accumulates loss and correct predictions.</summary>
    public TrainingMeter Meter { get; }

    /// <summary>Trains on a batch. The caller must have an open dispose scope.</summary>
    /// <returns>The loss, a scalar, and the logits [batch, classes plus those of the auxiliary head].</returns>
    public (Tensor Loss, Tensor Logits) Run(Batch batch, double learningRate)
    {
        var classes = batch.Targets.Length / batch.Labels.Length;
        var faces = OnDevice(tensor(batch.Pixels.AsMemory(0, batch.Count * batch.ImageSize * batch.ImageSize),
            [batch.Count, 1, batch.ImageSize, batch.ImageSize], device: CPU));
        var targets = OnDevice(tensor(batch.Targets.AsMemory(0, batch.Count * classes), [batch.Count, classes], device: CPU));
        var labels = OnDevice(tensor(batch.Labels.AsMemory(0, batch.Count), [batch.Count], device: CPU));

        var logits = _network.forward(faces);
        var loss = _objective.Of(logits, targets);
        Optimizer.ZeroGradients();
        loss.backward();
        Optimizer.Step(learningRate);
        Ema?.Update();
        Meter.Add(loss, logits.narrow(1, 0, _classes), labels);
        return (loss, logits);
    }

    /// <summary>
    /// Copies a batch to the device. CUDA copies asynchronously only from pinned memory, which libtorch keeps until the copy is done.
    /// </summary>
    private Tensor OnDevice(Tensor batch) =>
        _device.type == DeviceType.CUDA ? batch.pin_memory().to(_device, non_blocking: true) : batch.to(_device);

    public void Dispose()
    {
        Optimizer.Dispose();
        Ema?.Dispose();
        Meter.Dispose();
        _weights.Dispose();
        _objective.Dispose();
    }
}
