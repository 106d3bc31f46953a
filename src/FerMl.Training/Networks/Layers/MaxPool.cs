using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>Max pooling over 2x2 pixels: halves an image's width and height, and drops an odd last row or column.</summary>
public sealed record MaxPool : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 3, "an image [channels, height, width]");
        return input[1] >= 2 && input[2] >= 2
            ? [input[0], input[1] / 2, input[2] / 2]
            : throw new NetworkException($"{this} can't halve an image of {input[1]}x{input[2]} pixels.");
    }

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => MaxPool2d(2, 2);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) =>
        graph.Node("MaxPool", [input], null, ("kernel_shape", (int[])[2, 2]), ("strides", (int[])[2, 2]));

    /// <inheritdoc/>
    public override string ToString() => "max pooling 2x2";
}
