using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Images in memory pixel by pixel, each with its channels side by side, while their shape stays [batch, channels, height, width]. The
/// fast convolutions work in this order. TorchSharp has no name for it, so it is made of permutations.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>
    /// So many channels fill a vector register on a processor. Images of fewer stay channel by channel there: side by side, libtorch
    /// normalizes them one number at a time, four times slower.
    /// </summary>
    public static int Narrow => Vector512<float>.Count;

    /// <summary>A copy of images or convolution weights in this order.</summary>
    public static Tensor Copy(Tensor images)
    {
        using var rows = images.permute(0, 2, 3, 1);
        using var packed = rows.contiguous();
        return packed.permute(0, 3, 1, 2);
    }

    /// <summary>
    /// Images of one channel in this order. They are so already; only libtorch has to see it, in the stride of the one channel.
    /// </summary>
    public static Tensor OfGray(Tensor images)
    {
        using var rows = images.view(images.shape[0], images.shape[2], images.shape[3], 1);
        return rows.permute(0, 3, 1, 2);
    }

    /// <summary>Images or convolution weights channel by channel, without a copy where they are so already.</summary>
    public static Tensor Undo(Tensor images)
    {
        using var packed = images.contiguous();
        // A single channel is in either order; which of them libtorch takes it for is said by its strides alone.
        return packed.view(images.shape);
    }
}
