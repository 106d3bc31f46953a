using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Chooses the precision if the options leave it open. It queries the processor instead of timing it, so that a seed always gives the same
/// model.
/// </summary>
internal static class PrecisionChoice
{
    /// <summary>
    /// Minimum MACs of a forward pass for which bfloat16 pays off: smaller steps are mostly call overhead, which bfloat16 increases
    /// (docs/development/performance.md).
    /// </summary>
    public const long WorthwhileMultiplyAdds = 1_000_000_000;

    public static ScalarType Resolve(Precision precision, NetworkDefinition network, int batchSize, Device device) =>
        Resolve(precision, network.MultiplyAdds * batchSize, device);

    /// <param name="precision">The requested precision.</param>
    /// <param name="multiplyAdds">MACs of a step's forward pass.</param>
    /// <param name="device">The compute device.</param>
    public static ScalarType Resolve(Precision precision, long multiplyAdds, Device device) => precision switch
    {
        Precision.Float32 => ScalarType.Float32,
        Precision.BFloat16 => ScalarType.BFloat16,
        _ => multiplyAdds >= WorthwhileMultiplyAdds && HasFastBFloat16On(device)
            ? ScalarType.BFloat16 : ScalarType.Float32,
    };

    private static bool HasFastBFloat16On(Device device) => device.type switch
    {
        DeviceType.CPU => HasFastBFloat16,
        DeviceType.CUDA => CudaCapability.HasFastBFloat16(Math.Max(0, device.index)),
        _ => false,
    };

    /// <summary>
    /// Whether the processor multiplies bfloat16: AVX-512 BF16 or AMX-BF16 (Intel's Software Developer's Manual, volume 2A, CPUID leaf 7).
    /// </summary>
    public static bool HasFastBFloat16 { get; } = DetectFastBFloat16();

    private static bool DetectFastBFloat16()
    {
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            return false;
        var hasAvx512 = (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
        var hasAmx = (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0;
        return hasAvx512 || hasAmx;
    }
}
