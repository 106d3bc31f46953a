using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>Batch normalisation of an image's channels (Ioffe and Szegedy, 2015), with epsilon 1e-5 and momentum 0.1.</summary>
public sealed record BatchNormalization : Layer
{
    private const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 3, "an image [channels, height, width]");
        return input;
    }

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => BatchNorm2d(input[0], Epsilon, momentum: 0.1);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) => graph.Node("BatchNormalization",
        [input, .. ((string[])["weight", "bias", "running_mean", "running_var"]).Select(name => graph.Weights(module, name))], null, ("epsilon", (float)Epsilon));

    /// <inheritdoc/>
    public override string ToString() => "batch normalisation";
}
