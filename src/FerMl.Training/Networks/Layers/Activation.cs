using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>A nonlinearity, element by element.</summary>
/// <param name="Kind">Which one.</param>
public sealed record Activation(ActivationKind Kind) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input) => input;

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => Kind == ActivationKind.Elu ? ELU(inplace: true) : ReLU(inplace: true);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) => graph.Node(Kind == ActivationKind.Elu ? "Elu" : "Relu", [input]);

    /// <inheritdoc/>
    public override string ToString() => Kind == ActivationKind.Elu ? "ELU" : "ReLU";
}
