using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>The mean over a sequence's steps: [steps, features] to [features]. It lets a network accept faces of any size.</summary>
public sealed record SequenceMean : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 2, "a sequence [steps, features]");
        return [input[1]];
    }

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new Step();

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) =>
        graph.Node("ReduceMean", [input], null, ("axes", (int[])[1]), ("keepdims", 0));

    /// <inheritdoc/>
    public override string ToString() => "mean over steps";

    private sealed class Step() : Module<Tensor, Tensor>(nameof(SequenceMean))
    {
        // Sums many numbers, so it always uses float32.
        public override Tensor forward(Tensor input) => input.mean([1], type: ScalarType.Float32);
    }
}
