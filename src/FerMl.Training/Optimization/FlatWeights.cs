using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// A network's weights and batch statistics in one flat tensor, and its gradients in another; the network's own tensors become views of
/// them. Updating all weights then takes a few operations instead of several per weight, which cost as much as the arithmetic on GPUs, and
/// for small networks on CPUs (docs/development/performance.md). Weights with decay come first, then other weights, then batch statistics.
/// </summary>
internal sealed class FlatWeights : IDisposable
{
    /// <summary>Each view starts at a multiple of this number of elements: 64 bytes, a cache line.</summary>
    private const long Alignment = 16;

    private readonly nn.Module _network;
    private readonly List<Place> _places = [];

    /// <param name="network">The network, on the device that it is trained on.</param>
    public FlatWeights(nn.Module network)
    {
        _network = network;
        using var noGrad = no_grad();
        var weights = network.named_parameters().ToArray();
        var decayed = weights.Where(weight => weight.parameter.dim() > 1).Select(weight => (weight.name, (Tensor)weight.parameter));
        var others = weights.Where(weight => weight.parameter.dim() <= 1).Select(weight => (weight.name, (Tensor)weight.parameter));
        var statistics = network.named_buffers().Select(buffer => (buffer.name, buffer.buffer));
        DecayedLength = Lay(decayed, 0);
        WeightsLength = Lay(others, DecayedLength);
        All = zeros(Lay(statistics, WeightsLength), device: weights[0].parameter.device).DetachFromDisposeScope();
        Gradients = zeros(WeightsLength, device: All.device).DetachFromDisposeScope();

        var tensors = weights.Select(weight => KeyValuePair.Create(weight.name, (Tensor)weight.parameter))
            .Concat(network.named_buffers().Select(buffer => KeyValuePair.Create(buffer.name, buffer.buffer))).ToDictionary();
        foreach (var (name, view) in Views(All))
        {
            view.copy_(tensors[name]);
            tensors[name].set_(view);
            view.Dispose();
        }
        foreach (var (name, view) in Views(Gradients))
        {
            tensors[name].grad = view;
            view.Dispose();
        }
    }

    /// <summary>Weights and batch statistics.</summary>
    public Tensor All { get; }

    /// <summary>The gradients of the weights, in the same order.</summary>
    public Tensor Gradients { get; }

    /// <summary>Number of elements of the weights, at the start of <see cref="All"/>.</summary>
    public long WeightsLength { get; }

    /// <summary>Number of elements with weight decay, at the start of <see cref="All"/>: weights of layers, not norms and biases.</summary>
    public long DecayedLength { get; }

    /// <summary>Views of a tensor of this layout, by their names in the network's state dict; the caller disposes them.</summary>
    /// <param name="flat">A tensor as long as <see cref="All"/>, or as its weights; then there are no views for batch statistics.</param>
    public Dictionary<string, Tensor> Views(Tensor flat) => _places
        .Where(place => place.First < flat.shape[0])
        .ToDictionary(place => place.Name, place => flat.as_strided(place.Shape, place.Strides, place.First).DetachFromDisposeScope());

    /// <summary>The network keeps its weights: their memory lives as long as the network.</summary>
    public void Dispose()
    {
        foreach (var weight in _network.parameters())
            weight.grad = null;
        Gradients.Dispose();
        All.Dispose();
    }

    private long Lay(IEnumerable<(string Name, Tensor Tensor)> tensors, long first)
    {
        foreach (var (name, tensor) in tensors)
        {
            _places.Add(new Place(name, tensor.shape, tensor.stride(), first));
            first += (tensor.numel() + Alignment - 1) / Alignment * Alignment;
        }
        return first;
    }

    private sealed record Place(string Name, long[] Shape, long[] Strides, long First);
}
