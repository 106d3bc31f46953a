using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Benchmarking;

/// <summary>
/// The baseline for FerMl's own network: a network as in a TorchSharp tutorial, with library modules in sequence, in float32 and without
/// memory format optimization.
/// </summary>
internal sealed class PlainNetwork : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> layers;

    public PlainNetwork(NetworkDefinition definition, int classes) : base("plain")
    {
        layers = Chain(definition.Layers.Add(new Dense(classes)), [1, FaceResampler.Side, FaceResampler.Side]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.forward(input);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            layers.Dispose();
        base.Dispose(disposing);
    }

    private static Module<Tensor, Tensor> Chain(IEnumerable<Layer> layers, IReadOnlyList<int> shape)
    {
        var modules = new List<Module<Tensor, Tensor>>();
        foreach (var layer in layers)
        {
            modules.Add(Make(layer, shape));
            shape = layer.OutputShape(shape);
        }
        return Sequential(modules);
    }

    private static Module<Tensor, Tensor> Make(Layer layer, IReadOnlyList<int> shape) => layer switch
    {
        Convolution c => PlainConvolution(shape[0], c.Channels, c.KernelSize, c.Stride),
        BatchNormalization => BatchNorm2d(shape[0]),
        Activation { Kind: ActivationKind.Elu } => ELU(),
        Activation { Kind: ActivationKind.Relu } => ReLU(),
        MaxPool => MaxPool2d(2, 2),
        Dropout d => Dropout(d.Rate),
        Residual r => new PlainResidual(shape[0], r.Channels, r.Stride),
        PixelSequence => new PlainSequence(),
        BiLstm l => new PlainBiLstm(shape[1], l.Hidden),
        SkipConnection s => new PlainShortcut(Make(s.Inner, shape)),
        SequenceMean => new PlainSequenceMean(),
        FerMl.Training.Flatten => Flatten(),
        Dense d => Linear(shape[0], d.Features),
        _ => throw new NetworkException($"There is no plain form of the layer {layer}."),
    };

    private static Module<Tensor, Tensor> PlainConvolution(int inputs, int outputs, int kernel, int stride) =>
        !CacheTopology.IsHidden || ConvolutionKernels.FillsBlocks(inputs, outputs, kernel)
            ? Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2, bias: false)
            : throw new NetworkException(
                $"A plain convolution from {inputs} to {outputs} channels can't be run here: this machine doesn't report its cache "
                    + $"sizes, and libtorch then writes past the end of the weights (docs/development/decisions/training-speed.md). "
                    + $"Compare a network whose channels are multiples of {ConvolutionKernels.BlockSize}.");

    private sealed class PlainResidual : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> main;
        private readonly Module<Tensor, Tensor> skip;

        public PlainResidual(int inputs, int outputs, int stride) : base("residual")
        {
            main = Sequential(
                PlainConvolution(inputs, outputs, 3, stride), BatchNorm2d(outputs), ReLU(),
                PlainConvolution(outputs, outputs, 3, 1), BatchNorm2d(outputs));
            skip = inputs == outputs && stride == 1 ? Identity()
                : Sequential(PlainConvolution(inputs, outputs, 1, stride), BatchNorm2d(outputs));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => functional.relu(main.forward(input) + skip.forward(input));
    }

    private sealed class PlainSequence() : Module<Tensor, Tensor>("sequence")
    {
        public override Tensor forward(Tensor input) => input.flatten(2).transpose(1, 2);
    }

    private sealed class PlainBiLstm : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.LSTM lstm;

        public PlainBiLstm(int features, int hidden) : base("bilstm")
        {
            lstm = LSTM(features, hidden, batchFirst: true, bidirectional: true);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => lstm.forward(input).Item1;
    }

    private sealed class PlainShortcut : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> inner;

        public PlainShortcut(Module<Tensor, Tensor> inner) : base("shortcut")
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.forward(input) + input;
    }

    private sealed class PlainSequenceMean() : Module<Tensor, Tensor>("mean")
    {
        public override Tensor forward(Tensor input) => input.mean([1]);
    }
}
