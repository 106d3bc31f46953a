using FerMl.Training;
using FerMl.Training.Onnx;
using FerMl.Vision;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = FerMl.Training.Convolution;
using Parameter = TorchSharp.Modules.Parameter;

namespace FerMl.Detection;

/// <summary>
/// A small fully convolutional network that predicts for each cell of three grids (<see cref="FaceGrid"/>) whether a face's center is
/// there, its size and its roll, similar to YuNet (Wu, Peng and Yu, 2023). Coarser feature maps are added to finer ones, which so have the
/// context of small faces (Lin et al., "Feature Pyramid Networks for Object Detection", 2017); all grids share one head. Input: pixel
/// values [batch, 1, height, width]; output: [batch, 6, cells].
/// </summary>
internal sealed class ProposalNetwork : Module<Tensor, Tensor>
{
    // Multiples of 32, which all of oneDNN's kernels accept as is (docs/development/decisions/training-speed.md).
    private const int Narrow = 32, Wide = 64;

    // The initial prediction is one face in a hundred cells (Lin et al., "Focal Loss for Dense Object Detection", 2017, 4.1).
    private const double FirstLogit = -4.6;

    private readonly LayerStack _fine;
    private readonly LayerStack _middle;
    private readonly LayerStack _coarse;
    private readonly LayerStack _fromMiddle;
    private readonly LayerStack _fromCoarse;
    private readonly LayerStack _head;
    private readonly Parameter answers;
    private readonly Parameter offsets;
    private readonly Scalar _middleGray = 127.5f;
    private readonly Scalar _scale = 1 / 64f;

    public ProposalNetwork() : base("face-proposals")
    {
        IReadOnlyList<int> image = [1, Scene.Side, Scene.Side];
        _fine = new LayerStack([.. Convolve(Narrow, stride: 2), .. Convolve(Narrow, stride: 2), new Residual(Narrow),
            new Residual(Narrow)], image);
        var fine = Shape(_fine, image);
        _middle = new LayerStack([new Residual(Wide, Stride: 2), new Residual(Wide)], fine);
        var middle = Shape(_middle, fine);
        _coarse = new LayerStack([new Residual(Wide, Stride: 2), new Residual(Wide)], middle);
        var coarse = Shape(_coarse, middle);
        _fromMiddle = new LayerStack([new Convolution(Narrow, 1), new BatchNormalization()], middle);
        _fromCoarse = new LayerStack([new Convolution(Narrow, 1), new BatchNormalization()], coarse);
        _head = new LayerStack(Convolve(Narrow), fine);
        answers = new Parameter(randn(FaceGrid.Values, Narrow).mul_(0.01));
        offsets = new Parameter(zeros(FaceGrid.Values, 1));
        using (no_grad())
            offsets[0, 0] = FirstLogit;
        foreach (var (name, part) in (ReadOnlySpan<(string, Module)>)[
            ("fine", _fine), ("middle", _middle), ("coarse", _coarse), ("from_middle", _fromMiddle), ("from_coarse", _fromCoarse),
                ("head", _head)])
            register_module(name, part);
        register_parameter("answers", answers);
        register_parameter("offsets", offsets);

        static IEnumerable<Layer> Convolve(int channels, int stride = 1) =>
            [new Convolution(channels, Stride: stride), new BatchNormalization(), new Activation(ActivationKind.Relu)];

        static IReadOnlyList<int> Shape(LayerStack stack, IReadOnlyList<int> input) =>
            stack.Steps.Aggregate(input, (shape, step) => step.Layer.OutputShape(shape));
    }

    /// <summary>The precision of all layers but the last.</summary>
    public ScalarType ComputeType { get; set; } = ScalarType.Float32;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var fine = _fine.forward(ChannelsLast.OfGray(input.sub(_middleGray).mul(_scale).to(ComputeType)));
        var middle = _middle.forward(fine);
        var fromCoarse = _fromCoarse.forward(_coarse.forward(middle));
        var fromMiddle = _fromMiddle.forward(middle).add(Doubled(fromCoarse), Scalars.One);
        fine = fine.add(Doubled(fromMiddle), Scalars.One);
        return cat([Answer(fine), Answer(fromMiddle), Answer(fromCoarse)], 2).MoveToOuterDisposeScope();
    }

    /// <summary>Exports the network to ONNX, for images whose sides are multiples of 16.</summary>
    public byte[] Export()
    {
        using var noGrad = no_grad();
        var graph = new OnnxGraph(WeightFormat.Float16);
        graph.Input(FaceSession.InputName, "batch", 1, "height", "width");
        var x = graph.Node("Mul", [graph.Node("Sub", [FaceSession.InputName, graph.Floats([127.5f], 1)]), graph.Floats([1 / 64f], 1)]);
        var fine = _fine.Export(graph, x);
        var middle = _middle.Export(graph, fine);
        var fromCoarse = _fromCoarse.Export(graph, _coarse.Export(graph, middle));
        var fromMiddle = graph.Node("Add", [_fromMiddle.Export(graph, middle), Double(fromCoarse)]);
        fine = graph.Node("Add", [fine, Double(fromMiddle)]);
        var weights = graph.Floats(OnnxWeights.ToArray(answers), FaceGrid.Values, Narrow, 1, 1);
        var biases = graph.Floats(OnnxWeights.ToArray(offsets), FaceGrid.Values);
        string[] grids = [.. ((string[])[fine, fromMiddle, fromCoarse]).Select(maps => graph.Node(
            "Reshape", [graph.Node("Conv", [_head.Export(graph, maps), weights, biases]), graph.Integers(0, FaceGrid.Values, -1)]))];
        graph.Node("Concat", grids, FaceSession.OutputName, ("axis", 2));
        graph.Output(FaceSession.OutputName, "batch", FaceGrid.Values, "places");
        return graph.ToModel(new Dictionary<string, string>());

        string Double(string maps) => graph.Node("Resize", [maps, "", graph.Floats([1, 1, 2, 2], 4)], null,
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
    }

    /// <summary>Loads the weights of a network that <see cref="Export"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file has other layers.</exception>
    public void Import(ReadOnlyMemory<byte> onnx)
    {
        var reader = new OnnxWeightReader(onnx);
        foreach (var stack in (ReadOnlySpan<LayerStack>)[_fine, _middle, _coarse, _fromCoarse, _fromMiddle, _head])
            stack.Import(reader);
        var last = reader.Next("Conv");
        OnnxWeights.Set(answers, last.Values(1, FaceGrid.Values, Narrow, 1, 1));
        OnnxWeights.Set(offsets, last.Values(2, FaceGrid.Values));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answers.Dispose();
            offsets.Dispose();
            _middleGray.Dispose();
            _scale.Dispose();
        }
        base.Dispose(disposing);
    }

    private Tensor Answer(Tensor maps)
    {
        var seen = _head.forward(maps).to(ScalarType.Float32).flatten(2);
        return answers.matmul(seen).add(offsets, Scalars.One);
    }

    private static Tensor Doubled(Tensor maps)
    {
        var (batch, channels, height, width) = (maps.shape[0], maps.shape[1], maps.shape[2], maps.shape[3]);
        // In channels-last order, as the pixels are in memory.
        return maps.permute(0, 2, 3, 1).unsqueeze(2).unsqueeze(4).expand(batch, height, 2, width, 2, channels)
            .reshape(batch, 2 * height, 2 * width, channels).permute(0, 3, 1, 2);
    }
}
