using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// One step of a network, as data: from it both the TorchSharp module and the ONNX nodes are made, so there is no second copy of a
/// network to keep in step. Shapes leave out the batch: an image is [channels, height, width], a sequence [steps, features], a vector
/// [features].
/// </summary>
public abstract record Layer
{
    /// <summary>The shape of what this layer gives for an input of a shape.</summary>
    /// <exception cref="NetworkException">The layer can't take such an input.</exception>
    public abstract IReadOnlyList<int> OutputShape(IReadOnlyList<int> input);

    /// <summary>
    /// Multiply-adds for one input of a shape that <see cref="OutputShape"/> has accepted; 0 for layers whose arithmetic doesn't count
    /// beside the others'.
    /// </summary>
    public virtual long MultiplyAdds(IReadOnlyList<int> input) => 0;

    /// <summary>Makes the trainable module for an input of a shape that <see cref="OutputShape"/> has accepted.</summary>
    internal abstract Module<Tensor, Tensor> Build(IReadOnlyList<int> input);

    /// <summary>Appends the layer with the module's weights to a graph.</summary>
    /// <returns>The name of the layer's output.</returns>
    internal abstract string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module);

    /// <summary>Gives the module the weights that <see cref="Export"/> wrote; nothing where a layer has none.</summary>
    /// <exception cref="InvalidDataException">The network read from has other layers.</exception>
    internal virtual void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module)
    {
    }

    private protected void Require(IReadOnlyList<int> input, int rank, string kind)
    {
        if (input.Count != rank)
            throw new NetworkException($"{this} takes {kind}, but comes after a layer that gives [{string.Join(", ", input)}].");
    }
}
