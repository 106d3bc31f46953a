using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// One layer of a network, as data. Both the TorchSharp module and the ONNX nodes are made from it, so the two can't differ. Shapes exclude
/// the batch: an image is [channels, height, width], a sequence [steps, features], a vector [features].
/// </summary>
public abstract record Layer
{
    /// <summary>The shape of the layer's output for an input shape.</summary>
    /// <exception cref="NetworkException">The layer doesn't accept that input.</exception>
    public abstract IReadOnlyList<int> OutputShape(IReadOnlyList<int> input);

    /// <summary>MACs for an input of a shape that <see cref="OutputShape"/> accepts; 0 for layers with negligible computation.</summary>
    public virtual long MultiplyAdds(IReadOnlyList<int> input) => 0;

    /// <summary>Builds the trainable module for an input of a shape that <see cref="OutputShape"/> accepts.</summary>
    internal abstract Module<Tensor, Tensor> Build(IReadOnlyList<int> input);

    /// <summary>Appends the layer with the module's weights to a graph.</summary>
    /// <returns>The name of the layer's output.</returns>
    internal abstract string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module);

    /// <summary>Loads the weights that <see cref="Export"/> wrote into the module; does nothing for layers without weights.</summary>
    /// <exception cref="InvalidDataException">The exported network has other layers.</exception>
    internal virtual void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module)
    {
    }

    private protected void Require(IReadOnlyList<int> input, int rank, string kind)
    {
        if (input.Count != rank)
            throw new NetworkException($"{this} takes {kind}, but comes after a layer that gives [{string.Join(", ", input)}].");
    }
}
