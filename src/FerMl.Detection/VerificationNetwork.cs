using FerMl.Training;
using FerMl.Training.Onnx;
using FerMl.Vision;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = FerMl.Training.Convolution;
using Dropout = FerMl.Training.Dropout;
using Flatten = FerMl.Training.Flatten;

namespace FerMl.Detection;

/// <summary>
/// Classifies an aligned crop of each proposal of <see cref="ProposalNetwork"/> as a face or not: logits. Proposals are few, so it can
/// afford a hundred times the computation (a cascade, as in Viola and Jones, 2001, and MTCNN: Zhang et al., 2016). Input: pixel values
/// [batch, 1, 48, 48]; output: [batch, 1].
/// </summary>
internal sealed class VerificationNetwork : Module<Tensor, Tensor>
{
    private static readonly Layer[] Layers =
    [
        new Convolution(32, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu),
        new Residual(32), new Residual(64, Stride: 2), new Residual(64), new Residual(96, Stride: 2), new Flatten(), new Dropout(0.3),
        new Dense(1),
    ];

    private readonly LayerStack _layers;
    private readonly Scalar _middleGray = 127.5f;
    private readonly Scalar _scale = 1 / 64f;

    public VerificationNetwork() : base("face-verification")
    {
        _layers = new LayerStack(Layers, [1, FaceResampler.Side, FaceResampler.Side]);
        register_module("layers", _layers);
    }

    public ScalarType ComputeType { get; set; } = ScalarType.Float32;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast.OfGray(input.sub(_middleGray).mul(_scale).to(ComputeType));
        foreach (var (layer, module) in _layers.Steps)
            x = module.forward(layer is Dense ? x.to(ScalarType.Float32) : x);
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Exports the network to ONNX.</summary>
    public byte[] Export()
    {
        using var noGrad = no_grad();
        var graph = new OnnxGraph(WeightFormat.Float16);
        graph.Input(FaceSession.InputName, "batch", 1, FaceResampler.Side, FaceResampler.Side);
        var x = graph.Node("Mul", [graph.Node("Sub", [FaceSession.InputName, graph.Floats([127.5f], 1)]), graph.Floats([1 / 64f], 1)]);
        x = _layers.Export(graph, x);
        graph.Node("Reshape", [x, graph.Integers(-1, 1)], FaceSession.OutputName);
        graph.Output(FaceSession.OutputName, "batch", 1);
        return graph.ToModel(new Dictionary<string, string>());
    }

    /// <summary>Loads the weights of a network that <see cref="Export"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file has other layers.</exception>
    public void Import(ReadOnlyMemory<byte> onnx) => _layers.Import(new OnnxWeightReader(onnx));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _middleGray.Dispose();
            _scale.Dispose();
        }
        base.Dispose(disposing);
    }
}
