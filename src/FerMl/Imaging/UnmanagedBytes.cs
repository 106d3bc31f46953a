using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>
/// Reports the unmanaged memory of an object to the garbage collector. ML.NET images look like a few bytes to it: a pass over 30,000 of
/// them would otherwise hold hundreds of megabytes before a collection.
/// </summary>
internal sealed class UnmanagedBytes
{
    private static readonly ConditionalWeakTable<object, UnmanagedBytes> Owners = [];

    private readonly long _count;

    private UnmanagedBytes(long count)
    {
        _count = count;
        GC.AddMemoryPressure(count);
    }

    ~UnmanagedBytes() => GC.RemoveMemoryPressure(_count);

    /// <summary>Adds memory pressure for the lifetime of an object.</summary>
    public static void Count(object owner, long count) => Owners.Add(owner, new UnmanagedBytes(count));
}
