using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Stochastic depth (Huang et al., "Deep Networks with Stochastic Depth", 2016), drawn for each face as Touvron et al. (2021) do: a
/// residual block's share is left out of some faces' maps, and scaled up in the others', so that its mean stays.
/// </summary>
internal static class StochasticDepth
{
    /// <summary>Leaves out maps.</summary>
    /// <param name="maps">[batch, channels, height, width].</param>
    /// <param name="rate">The probability that a face's maps are left out, 0 up to but not 1.</param>
    public static Tensor Drop(Tensor maps, double rate)
    {
        using Scalar kept = 1 - rate;
        using var drawn = empty([maps.shape[0], 1, 1, 1], ScalarType.Float32, maps.device);
        return maps.mul(drawn.bernoulli_(1 - rate).div_(kept).to(maps.dtype));
    }
}
