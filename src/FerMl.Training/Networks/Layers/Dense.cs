using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>A fully connected layer over a vector.</summary>
/// <param name="Features">Features out, at least 1.</param>
public sealed record Dense(int Features) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 1, "a vector [features]; put a flatten before it");
        return Features >= 1 ? [Features] : throw new NetworkException($"{this}: features are at least 1.");
    }

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => Linear(input[0], Features);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) =>
        graph.Node("Gemm", [input, graph.Weights(module, "weight"), graph.Weights(module, "bias")], null, ("transB", 1));

    /// <inheritdoc/>
    public override string ToString() => $"dense to {Features}";
}
