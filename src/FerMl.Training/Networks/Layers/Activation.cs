using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>An elementwise nonlinearity.</summary>
/// <param name="Kind">The function.</param>
public sealed record Activation(ActivationKind Kind) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input) => input;

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new Step(Kind);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) =>
        graph.Node(Kind switch { ActivationKind.Relu => "Relu", ActivationKind.Elu => "Elu", _ => throw Unknown(Kind) }, [input]);

    /// <inheritdoc/>
    public override string ToString() => Kind.ToString().Replace("lu", "LU", StringComparison.Ordinal);

    private sealed class Step(ActivationKind kind) : Module<Tensor, Tensor>(nameof(Activation))
    {
        // Alpha and both scales of ELU are 1; the overload without them would create scalars that nothing keeps alive.
        public override Tensor forward(Tensor input) => kind switch
        {
            ActivationKind.Relu => input.relu_(),
            ActivationKind.Elu => input.elu_(Scalars.One, Scalars.One, Scalars.One),
            _ => throw Unknown(kind),
        };
    }

    private static ArgumentOutOfRangeException Unknown(ActivationKind kind) =>
        new(nameof(kind), kind, "There is no such activation function.");
}
