using System.Runtime.Intrinsics.X86;

namespace FerMl.Training;

/// <summary>
/// The caches that the processor reports. Some virtual machines report none. oneDNN 3.7 (in libtorch 2.10) then assumes an L1 cache of size
/// 0, and rearranges weights into an order that its zero padding doesn't support (docs/development/decisions/training-speed.md).
/// </summary>
internal static class CacheTopology
{
    private const int Intel = 4, Amd = unchecked((int)0x8000001D);

    /// <summary>Whether this is an x86 processor that reports no caches.</summary>
    public static bool IsHidden { get; } = X86Base.IsSupported && !ListsCaches();

    private static bool ListsCaches()
    {
        var (_, b, _, _) = X86Base.CpuId(0, 0);
        // The first four letters of the vendor name: "Auth" of AuthenticAMD, "Hygo" of HygonGenuine.
        var isAmd = b is 0x68747541 or 0x6F677948;
        if (X86Base.CpuId(isAmd ? unchecked((int)0x80000000) : 0, 0).Eax < (isAmd ? Amd : Intel))
            return false;
        // The first cache in the list: the lowest five bits are its type, and type 0 ends the list.
        return (X86Base.CpuId(isAmd ? Amd : Intel, 0).Eax & 0x1F) != 0;
    }
}
