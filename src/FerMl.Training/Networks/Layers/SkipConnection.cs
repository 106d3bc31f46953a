using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// A layer with a skip connection around it (an identity shortcut: He et al., 2016, equation 1): its output plus its input. The layer
/// learns only what to add, and gradients reach earlier layers undiminished.
/// </summary>
/// <param name="Inner">The layer; its output has the shape of its input.</param>
public sealed record SkipConnection(Layer Inner) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        var output = Inner.OutputShape(input);
        return output.SequenceEqual(input) ? output
            : throw new NetworkException(
                $"{this} adds [{string.Join(", ", output)}] to [{string.Join(", ", input)}]: the layer has to give the shape that it "
                    + $"takes.");
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(IReadOnlyList<int> input) => Inner.MultiplyAdds(input);

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new Step(Inner.Build(input));

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) =>
        graph.Node("Add", [Inner.Export(graph, input, ((Step)module).Inner), input]);

    internal override void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module) => Inner.Import(reader, ((Step)module).Inner);

    /// <inheritdoc/>
    public override string ToString() => $"{Inner} with a skip connection";

    private sealed class Step : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> inner;

        public Step(Module<Tensor, Tensor> inner) : base(nameof(SkipConnection))
        {
            this.inner = inner;
            RegisterComponents();
        }

        public Module<Tensor, Tensor> Inner => inner;

        public override Tensor forward(Tensor input) => Inner.forward(input).add(input, Scalars.One);
    }
}
