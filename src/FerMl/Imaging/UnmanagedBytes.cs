using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>
/// Tells the garbage collector how much memory outside its heap hangs on an object. An image of ML.NET's looks to it like a few
/// bytes, so a pass over 30,000 of them would otherwise hold hundreds of megabytes before it saw a reason to collect.
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

    /// <summary>Counts the bytes for as long as the object lives.</summary>
    public static void Count(object owner, long count) => Owners.Add(owner, new UnmanagedBytes(count));
}
