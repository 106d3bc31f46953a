using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>Flattens an image or sequence to a vector, with its elements in order.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input) => [input.Aggregate(1, (product, size) => product * size)];

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => Flatten();

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) =>
        graph.Node("Flatten", [input], null, ("axis", 1));

    /// <inheritdoc/>
    public override string ToString() => "flatten";
}
