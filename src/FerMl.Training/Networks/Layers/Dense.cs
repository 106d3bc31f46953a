using FerMl.Training.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>A fully connected layer over a vector.</summary>
/// <param name="Features">Output features, at least 1.</param>
public sealed record Dense(int Features) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 1, "a vector [features]; put a flatten before it");
        return Features >= 1 ? [Features] : throw new NetworkException($"{this}: features are at least 1.");
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(IReadOnlyList<int> input) => (long)input[0] * Features;

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new Step(input[0], Features);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) =>
        graph.Node("Gemm", [input, graph.Weights(module, "weight"), graph.Weights(module, "bias")], null, ("transB", 1));

    internal override void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module) => reader.Give("Gemm", module, "weight", "bias");

    /// <inheritdoc/>
    public override string ToString() => $"dense to {Features}";

    private sealed class Step : Module<Tensor, Tensor>
    {
        private readonly Parameter weight;
        private readonly Parameter bias;

        public Step(int inputs, int outputs) : base(nameof(Dense))
        {
            using var fresh = Linear(inputs, outputs);
            using var weights = fresh.weight.detach();
            using var biases = fresh.bias!.detach();
            (weight, bias) = (new Parameter(weights.clone()), new Parameter(biases.clone()));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => functional.linear(input, weight.to(input.dtype), bias.to(input.dtype));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                weight.Dispose();
                bias.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
