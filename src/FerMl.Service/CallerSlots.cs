using System.Collections.Concurrent;

namespace FerMl.Service;

/// <summary>A fixed number of slots shared by all callers. A caller gets at most half of them, so that one can't take them all.</summary>
/// <param name="count">Total number of slots.</param>
internal sealed class CallerSlots(int count)
{
    private readonly ConcurrentDictionary<string, int> _taken = [];

    /// <summary>Maximum number of slots per caller.</summary>
    public int MaxPerCaller { get; } = Math.Max(1, count / 2);

    /// <summary>Takes a slot, unless the caller already has its maximum.</summary>
    public bool TryTake(string caller)
    {
        if (_taken.AddOrUpdate(caller, 1, (_, taken) => taken + 1) <= MaxPerCaller)
            return true;
        Leave(caller);
        return false;
    }

    /// <summary>Releases a slot.</summary>
    public void Leave(string caller)
    {
        // Remove callers without slots, so that the dictionary doesn't grow.
        if (_taken.AddOrUpdate(caller, 0, (_, taken) => taken - 1) <= 0)
            _taken.TryRemove(KeyValuePair.Create(caller, 0));
    }
}
