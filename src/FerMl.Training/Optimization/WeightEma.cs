using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// An exponential moving average of a network's weights and of its batch statistics (Polyak and Juditsky, 1992): steadier than the weights
/// themselves. In the first steps it forgets faster, so that it doesn't drag the random start along.
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

    /// <summary>Number of updates so far; kept in checkpoints.</summary>
    public long Updates { get; set; }

    /// <summary>The average by the names of the network's state.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Takes in the network's weights as they are now.</summary>
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

    /// <summary>Puts the average into the network.</summary>
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
