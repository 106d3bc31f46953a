using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// An exponential moving average of a network's weights and of its batch statistics (Polyak and Juditsky, 1992): steadier than the weights
/// themselves. In the first steps it forgets faster, so that it doesn't drag the random start along.
/// </summary>
internal sealed class WeightEma(FaceNetwork network, double decay) : IDisposable
{
    private readonly WeightSnapshot _weights = WeightSnapshot.Of(network);

    /// <summary>Number of updates so far; kept in checkpoints.</summary>
    public long Updates { get; set; }

    public IReadOnlyDictionary<string, Tensor> Tensors => _weights.Tensors;

    /// <summary>Takes in the network's weights as they are now.</summary>
    public void Update()
    {
        Updates++;
        var kept = Math.Min(decay, (1.0 + Updates) / (10.0 + Updates));
        using Scalar old = kept;
        using Scalar fresh = 1 - kept;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in network.state_dict())
        {
            var average = _weights.Tensors[name];
            if (tensor.is_floating_point())
                average.mul_(old).add_(tensor, alpha: fresh);
            else
                average.copy_(tensor);
        }
    }

    /// <summary>Puts the average into the network.</summary>
    public void RestoreTo(FaceNetwork target) => _weights.RestoreTo(target);

    public void Dispose() => _weights.Dispose();
}
