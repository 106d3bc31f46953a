using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Channels-last images: in memory, the channels of a pixel are adjacent, while the shape stays [batch, channels, height, width]. The fast
/// convolutions use this layout. TorchSharp has no memory format for it, so it is made of permutations.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>
    /// The number of channels that fills a vector register. On CPUs, images with fewer channels stay channels-first: libtorch normalizes
    /// them one number at a time in channels-last layout, four times slower.
    /// </summary>
    public static int Narrow => Vector512<float>.Count;

    /// <summary>Copies images or convolution weights to this layout.</summary>
    public static Tensor Copy(Tensor images)
    {
        using var rows = images.permute(0, 2, 3, 1);
        using var packed = rows.contiguous();
        return packed.permute(0, 3, 1, 2);
    }

    /// <summary>Gray images in this layout. Their memory doesn't change; only the channel's stride tells libtorch the layout.</summary>
    public static Tensor OfGray(Tensor images)
    {
        using var rows = images.view(images.shape[0], images.shape[2], images.shape[3], 1);
        return rows.permute(0, 3, 1, 2);
    }

    /// <summary>Converts images or convolution weights to channels-first, without a copy if they already are.</summary>
    public static Tensor Undo(Tensor images)
    {
        using var packed = images.contiguous();
        // A single channel has the same memory in both layouts; only its strides tell libtorch which one it is.
        return packed.view(images.shape);
    }
}
