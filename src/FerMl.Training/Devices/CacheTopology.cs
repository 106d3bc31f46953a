using System.Runtime.Intrinsics.X86;

namespace FerMl.Training;

/// <summary>
/// What the processor tells of its caches. Some virtual machines tell nothing. oneDNN 3.7 (in libtorch 2.10) then takes the first-level
/// cache to have no room, and rearranges weights in an order for which its filling with zeros isn't made
/// (docs/development/decisions/training-speed.md).
/// </summary>
internal static class CacheTopology
{
    private const int Intel = 4, Amd = unchecked((int)0x8000001D);

    /// <summary>Whether this is a processor of the x86 family that lists no cache.</summary>
    public static bool IsHidden { get; } = X86Base.IsSupported && !ListsCaches();

    private static bool ListsCaches()
    {
        var (_, b, _, _) = X86Base.CpuId(0, 0);
        // The first four letters of the vendor's name: "Auth" of AuthenticAMD, "Hygo" of HygonGenuine.
        var isAmd = b is 0x68747541 or 0x6F677948;
        if (X86Base.CpuId(isAmd ? unchecked((int)0x80000000) : 0, 0).Eax < (isAmd ? Amd : Intel))
            return false;
        // The first cache in the list; its type is in the lowest five bits, and 0 is the end of the list.
        return (X86Base.CpuId(isAmd ? Amd : Intel, 0).Eax & 0x1F) != 0;
    }
}
