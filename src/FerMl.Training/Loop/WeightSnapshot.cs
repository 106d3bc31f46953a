using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>A copy of a network's weights and running statistics, to restore later.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors;

    private WeightSnapshot(Dictionary<string, Tensor> tensors) => _tensors = tensors;

    /// <summary>The copies, by their names in the network's state dict.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    public static WeightSnapshot Of(FaceNetwork network)
    {
        using var scope = NewDisposeScope();
        return new(network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope()));
    }

    public void RestoreTo(FaceNetwork network)
    {
        using var noGrad = no_grad();
        foreach (var (name, tensor) in network.state_dict())
            tensor.copy_(_tensors[name]);
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
    }
}
