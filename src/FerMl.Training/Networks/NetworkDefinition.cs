using System.Collections.Immutable;

namespace FerMl.Training;

/// <summary>
/// A network as data: the layers between a normalized face [1, 48, 48] and the classifier. The classifier, one dense layer with an output
/// per label, is added when the network is built.
/// </summary>
public sealed class NetworkDefinition
{
    /// <summary>Creates a definition.</summary>
    /// <param name="name">A short name, such as <c>paper-cnn</c>.</param>
    /// <param name="layers">The layers, first to last; the last one outputs a vector.</param>
    /// <exception cref="NetworkException">There is no layer, or they don't fit together.</exception>
    public NetworkDefinition(string name, params IEnumerable<Layer> layers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(layers);
        Name = name;
        Layers = [.. layers];
        if (Layers.IsEmpty)
            throw new NetworkException($"The network '{name}' has no layers.");
        IReadOnlyList<int> shape = [1, FaceResampler.Side, FaceResampler.Side];
        foreach (var layer in Layers)
            shape = layer.OutputShape(shape);
        if (shape.Count != 1)
            throw new NetworkException(
                $"The network '{name}' ends in [{string.Join(", ", shape)}]; its last layer must give a vector, so add a flatten.");
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>The layers, first to last.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>MACs for one face of 48x48 pixels, including a classifier for seven labels: the cost of a prediction.</summary>
    public long MultiplyAdds => MultiplyAddsOf(FaceResampler.Side);

    /// <summary>MACs for one face of another width and height, in pixels.</summary>
    internal long MultiplyAddsOf(int side) => LayerStack.MultiplyAdds(Layers.Add(new Dense(7)), [1, side, side]);

    /// <summary>Whether the network accepts faces of any size, not only 48x48, as training with growing sizes requires.</summary>
    public bool TakesAnySize => Layers.Any(layer => layer is SequenceMean) && !Layers.Any(layer => layer is Flatten);

    /// <summary>Whether the network has residual blocks.</summary>
    internal bool HasResidualBlocks => Layers.Any(layer => layer is Residual);

    /// <summary>Whether the network processes its features as a sequence with a BiLSTM.</summary>
    public bool HasBiLstm => Layers.Any(layer => layer is BiLstm or SkipConnection { Inner: BiLstm });
}
