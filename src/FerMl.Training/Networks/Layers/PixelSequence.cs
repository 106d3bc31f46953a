using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// Converts an image to a sequence, row by row, as the paper does between CNN and BiLSTM: [channels, height, width] to [height * width,
/// channels].
/// </summary>
public sealed record PixelSequence : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 3, "an image [channels, height, width]");
        return [input[1] * input[2], input[0]];
    }

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new Step();

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module)
    {
        // [batch, channels, height, width] -> [batch, channels, height * width] -> [batch, height * width, channels]
        var flat = graph.Node("Reshape", [input, graph.Integers(0, 0, -1)]);
        return graph.Node("Transpose", [flat], null, ("perm", (int[])[0, 2, 1]));
    }

    /// <inheritdoc/>
    public override string ToString() => "pixels as a sequence";

    private sealed class Step() : Module<Tensor, Tensor>(nameof(PixelSequence))
    {
        public override Tensor forward(Tensor input)
        {
            using var flat = input.flatten(2);
            return flat.transpose(1, 2);
        }
    }
}
