using FerMl.Training.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>A two-dimensional convolution over an image with "same" padding and no bias, since batch normalization follows it.</summary>
/// <param name="Channels">Output channels, at least 1.</param>
/// <param name="KernelSize">Width and height of the kernel: 1, 3, 5 or 7.</param>
/// <param name="Stride">Stride in pixels, 1 or 2.</param>
public sealed record Convolution(int Channels, int KernelSize = 3, int Stride = 1) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 3, "an image [channels, height, width]");
        if (Channels < 1 || KernelSize is not (1 or 3 or 5 or 7) || Stride is not (1 or 2))
            throw new NetworkException($"{this}: channels are at least 1, the kernel is 1, 3, 5 or 7, the stride 1 or 2.");
        return [Channels, (input[1] + Stride - 1) / Stride, (input[2] + Stride - 1) / Stride];
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(IReadOnlyList<int> input)
    {
        var output = OutputShape(input);
        return (long)KernelSize * KernelSize * input[0] * output[0] * output[1] * output[2];
    }

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new Step(input[0], this);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module)
    {
        var pad = KernelSize / 2;
        return graph.Node("Conv", [input, graph.Weights(module, "weight")], null,
            ("kernel_shape", (int[])[KernelSize, KernelSize]), ("strides", (int[])[Stride, Stride]), ("pads", (int[])[pad, pad, pad, pad]));
    }

    internal override void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module) => reader.Give("Conv", module, "weight");

    /// <inheritdoc/>
    public override string ToString() => $"convolution {KernelSize}x{KernelSize} to {Channels}{(Stride > 1 ? $", stride {Stride}" : "")}";

    private sealed class Step : Module<Tensor, Tensor>
    {
        private readonly Parameter weight;
        private readonly long[] _strides;
        private readonly long[] _padding;

        public Step(int channels, Convolution layer) : base(nameof(Convolution))
        {
            _strides = [layer.Stride, layer.Stride];
            _padding = [layer.KernelSize / 2, layer.KernelSize / 2];
            using var fresh = Conv2d(channels, layer.Channels, layer.KernelSize, bias: false);
            // Channels-last, like the images; in any other layout, oneDNN would rearrange one of them at every step. Convolutions with few
            // channels (ChannelsLast.Narrow) have too few weights for this to matter.
            using var values = fresh.weight.detach();
            weight = new Parameter(ChannelsLast.Copy(values));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) =>
            ConvolutionKernels.Convolve(input, weight.to(input.dtype), _strides, _padding);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                weight.Dispose();
            base.Dispose(disposing);
        }
    }
}
