using FerMl.Training;
using static TorchSharp.torch;

namespace FerMl.Detection;

/// <summary>AdamW with warm-up and cosine decay, and an exponential moving average of the weights (EMA).</summary>
internal sealed class OptimizerStep : IDisposable
{
    private const double EmaDecay = 0.998, WarmUpSteps = 200, WeightDecay = 0.02, LongestGradient = 5;

    private readonly nn.Module _network;
    private readonly double _learningRate;
    private readonly int _steps;
    private readonly FlatWeights _weights;
    private readonly WeightOptimizer _optimizer;
    private readonly WeightEma _average;
    private readonly ComputeThreads _threads = new(0, long.MaxValue);

    /// <param name="network">The network.</param>
    /// <param name="learningRate">The maximum learning rate.</param>
    /// <param name="steps">Total steps.</param>
    public OptimizerStep(nn.Module network, double learningRate, int steps)
    {
        (_network, _learningRate, _steps) = (network, learningRate, steps);
        _weights = new FlatWeights(network);
        _optimizer = new WeightOptimizer(_weights, new EmotionTrainerOptions
        {
            Optimizer = OptimizerKind.AdamW,
            WeightDecay = WeightDecay,
            GradientClipNorm = LongestGradient,
        });
        _average = new WeightEma(_weights, EmaDecay);
    }

    /// <summary>Performs a step.</summary>
    /// <param name="loss">The loss to minimize, a scalar.</param>
    /// <param name="step">Number of completed steps.</param>
    /// <exception cref="TrainingException">The loss isn't finite.</exception>
    public float Step(Tensor loss, int step)
    {
        _optimizer.ZeroGradients();
        loss.backward();
        var (warm, share) = (Math.Min(1, (step + 1) / WarmUpSteps), (double)step / _steps);
        _optimizer.Step(_learningRate * warm * (1 + Math.Cos(Math.PI * share)) / 2);
        _average.Update();
        _threads.Observe();
        var value = loss.item<float>();
        return float.IsFinite(value) ? value
            : throw new TrainingException($"The loss is NaN or infinite after {step + 1} steps; try a lower learning rate.");
    }

    /// <summary>Exports the network with its averaged weights, then restores its own.</summary>
    public T Averaged<T>(Func<T> export)
    {
        using var noGrad = no_grad();
        using var own = _weights.All.clone();
        _average.CopyToModel();
        _network.eval();
        var result = export();
        _network.train();
        _weights.All.copy_(own);
        return result;
    }

    public void Dispose()
    {
        _threads.Dispose();
        _average.Dispose();
        _optimizer.Dispose();
        _weights.Dispose();
    }
}
