using FerMl.Training.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>Batch normalization of an image's channels (Ioffe and Szegedy, 2015), with epsilon 1e-5 and momentum 0.1.</summary>
public sealed record BatchNormalization : Layer
{
    private const double Epsilon = 1e-5;
    private const double Momentum = 0.1;
    private const string Operation = "BatchNormalization";
    private static readonly string[] Weights = ["weight", "bias", "running_mean", "running_var"];

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 3, "an image [channels, height, width]");
        return input;
    }

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new Step(input[0]);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) => graph.Node(Operation,
        [input, .. Weights.Select(name => graph.Weights(module, name))], null, ("epsilon", (float)Epsilon));

    internal override void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module) => reader.Give(Operation, module, Weights);

    /// <inheritdoc/>
    public override string ToString() => "batch normalization";

    /// <summary>
    /// Replaces TorchSharp's own module, which needlessly counts batches with a scalar that nothing keeps alive (see
    /// <see cref="Scalars"/>).
    /// </summary>
    private sealed class Step : Module<Tensor, Tensor>
    {
        private readonly Parameter weight;
        private readonly Parameter bias;

        public Step(int channels) : base(nameof(BatchNormalization))
        {
            (weight, bias) = (new Parameter(ones(channels)), new Parameter(zeros(channels)));
            RegisterComponents();
            register_buffer("running_mean", zeros(channels));
            register_buffer("running_var", ones(channels));
        }

        public override Tensor forward(Tensor input) =>
            functional.batch_norm(input, get_buffer("running_mean"), get_buffer("running_var"), weight, bias, training, Momentum, Epsilon);

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
