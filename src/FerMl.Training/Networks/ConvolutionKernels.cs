using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// Convolutions of channels-last images on any machine; on CPUs, outputs with few channels are channels-first
/// (<see cref="ChannelsLast.Narrow"/>). Where <see cref="CacheTopology.IsHidden"/>, oneDNN loses weights of convolutions whose channels it
/// pads, and writes beyond their end. Without AVX-512, it writes beyond the gradient of some 1x1 convolutions
/// (docs/development/decisions/training-speed.md). In these cases, this class pads the channels to a number that oneDNN doesn't pad.
/// </summary>
internal static class ConvolutionKernels
{
    /// <summary>oneDNN pads nothing if the number of channels is a multiple of this, in any of its layouts.</summary>
    public const int BlockSize = 32;

    /// <summary>Whether oneDNN needs no padding in float32, in either memory layout.</summary>
    public static bool FillsBlocks(long inputs, long outputs, long kernel) =>
        (IsGray(inputs, kernel) || inputs % BlockSize == 0) && outputs % BlockSize == 0;

    /// <summary><c>conv2d</c> without a bias.</summary>
    /// <param name="images">[batch, input channels, height, width], channels-last or channels-first.</param>
    /// <param name="weight">[output channels, input channels, kernel, kernel], channels-last, of the same type.</param>
    /// <param name="strides">Stride in pixels, twice.</param>
    /// <param name="padding">Padding in pixels, twice.</param>
    public static Tensor Convolve(Tensor images, Tensor weight, long[] strides, long[] padding)
    {
        var (outputs, inputs, kernel) = (weight.shape[0], weight.shape[1], weight.shape[2]);
        var fillsBlocks = FillsBlocks(inputs, outputs, kernel) && (inputs > 1 || images.dtype == ScalarType.Float32);
        var isSafe = CacheTopology.IsHidden ? fillsBlocks : !Skips(inputs, kernel, strides);
        if (images.device_type != TorchSharp.DeviceType.CPU)
            return functional.conv2d(images, weight, strides: strides, padding: padding);
        if (!isSafe)
            return ConvolveDense(images, weight, strides, padding);
        return outputs < ChannelsLast.Narrow
            ? functional.conv2d(ChannelsLast.Undo(images), ChannelsLast.Undo(weight), strides: strides, padding: padding)
            : functional.conv2d(images, weight, strides: strides, padding: padding);
    }

    /// <summary>
    /// The same, with channels of zeros up to the next multiple. Gray images are computed in float32, where their channel isn't padded.
    /// </summary>
    internal static Tensor ConvolveDense(Tensor images, Tensor weight, long[] strides, long[] padding)
    {
        var (outputs, inputs, isGray) = (weight.shape[0], weight.shape[1], IsGray(weight.shape[1], weight.shape[2]));
        var type = isGray ? ScalarType.Float32 : images.dtype;
        var (missingInputs, missingOutputs) = (isGray ? 0 : Missing(inputs), Missing(outputs));
        var paddedImages = missingInputs == 0 ? images.to(type) : ChannelsLast.Copy(functional.pad(images, [0, 0, 0, 0, 0, missingInputs]));
        var paddedWeight = ChannelsLast.Copy(functional.pad(weight.to(type), [0, 0, 0, 0, 0, missingInputs, 0, missingOutputs]));
        var maps = functional.conv2d(paddedImages, paddedWeight, strides: strides, padding: padding);
        var asked = maps.narrow(1, 0, outputs);
        return (outputs < ChannelsLast.Narrow ? asked.contiguous() : ChannelsLast.Copy(asked)).to(images.dtype);
    }

    /// <summary>Whether the single channel of gray images isn't padded: float32 has kernels for it, except for 1x1 convolutions.</summary>
    private static bool IsGray(long inputs, long kernel) => inputs == 1 && kernel > 1;

    /// <summary>Whether a 1x1 convolution skips pixels of images whose channels don't fill AVX2's registers of eight numbers.</summary>
    private static bool Skips(long inputs, long kernel, long[] strides) => kernel == 1 && strides[0] > 1 && inputs % 8 != 0;

    private static long Missing(long channels) => (BlockSize - channels % BlockSize) % BlockSize;
}
