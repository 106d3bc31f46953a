using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// A residual block (He et al., 2016, figure 2): two 3x3 convolutions with batch normalization and ReLU, a skip connection around them,
/// which is a 1x1 convolution if the shape changes, and a ReLU over their sum.
/// </summary>
/// <param name="Channels">Output channels, at least 1.</param>
/// <param name="Stride">Stride of the first convolution in pixels, 1 or 2.</param>
/// <param name="DropoutRate">Dropout rate of the convolutions' output, 0 to below 1.</param>
public sealed record Residual(int Channels, int Stride = 1, double DropoutRate = 0) : Layer
{
    private Layer[] Main =>
        [new Convolution(Channels, Stride: Stride), new BatchNormalization(), new Activation(ActivationKind.Relu),
            new Convolution(Channels), new BatchNormalization()];

    private Layer[] Skip(IReadOnlyList<int> input) =>
        input[0] == Channels && Stride == 1 ? [] : [new Convolution(Channels, KernelSize: 1, Stride), new BatchNormalization()];

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input) =>
        DropoutRate is >= 0 and < 1
            ? Main.Aggregate(input, (shape, layer) => layer.OutputShape(shape))
            : throw new NetworkException($"{this}: a dropout rate is at least 0 and below 1.");

    /// <inheritdoc/>
    public override long MultiplyAdds(IReadOnlyList<int> input) =>
        LayerStack.MultiplyAdds(Main, input) + LayerStack.MultiplyAdds(Skip(input), input);

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) =>
        new Block(new LayerStack(Main, input), new LayerStack(Skip(input), input), DropoutRate);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module)
    {
        var block = (Block)module;
        var sum = graph.Node("Add", [block.Main.Export(graph, input), block.Skip.Export(graph, input)]);
        return graph.Node("Relu", [sum]);
    }

    internal override void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module)
    {
        var block = (Block)module;
        block.Main.Import(reader);
        block.Skip.Import(reader);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"residual block to {Channels}{(Stride > 1 ? $", stride {Stride}" : "")}"
        + (DropoutRate > 0 ? FormattableString.Invariant($", dropout {DropoutRate}") : "");

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly LayerStack main;
        private readonly LayerStack skip;

        private readonly double _dropoutRate;

        public Block(LayerStack main, LayerStack skip, double dropoutRate) : base(nameof(Residual))
        {
            (this.main, this.skip, _dropoutRate) = (main, skip, dropoutRate);
            RegisterComponents();
        }

        public LayerStack Main => main;
        public LayerStack Skip => skip;

        public override Tensor forward(Tensor input)
        {
            var added = Main.forward(input);
            if (training && _dropoutRate > 0)
                added = functional.dropout(added, _dropoutRate);
            return added.add_(Skip.forward(input), Scalars.One).relu_();
        }
    }
}
