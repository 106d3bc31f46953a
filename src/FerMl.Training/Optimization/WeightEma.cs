using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// An exponential moving average of a network's weights and batch statistics (Polyak and Juditsky, 1992), which is more stable than the
/// weights. The first steps use a lower decay, so that the average forgets the random initial weights.
/// </summary>
internal sealed class WeightEma : IDisposable
{
    private readonly FlatWeights _weights;
    private readonly double _decay;
    private readonly Tensor _average;
    private readonly Dictionary<string, Tensor> _tensors;

    public WeightEma(FlatWeights weights, double decay)
    {
        (_weights, _decay) = (weights, decay);
        _average = weights.All.clone().DetachFromDisposeScope();
        _tensors = weights.Views(_average);
    }

    /// <summary>Number of updates; stored in checkpoints.</summary>
    public long Updates { get; set; }

    /// <summary>The average, by the names of the network's state dict.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Updates the average with the network's current weights.</summary>
    public void Update()
    {
        Updates++;
        var kept = Math.Min(_decay, (1.0 + Updates) / (10.0 + Updates));
        using Scalar old = kept;
        using Scalar fresh = 1 - kept;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _average.mul_(old).add_(_weights.All, alpha: fresh);
    }

    /// <summary>Copies the average to the network.</summary>
    public void CopyToModel()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _weights.All.copy_(_average);
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
        _average.Dispose();
    }
}
