using System.Collections.Concurrent;

namespace FerMl.Service;

/// <summary>Places that callers share: none has more than half of them, so that there is one for whoever else comes.</summary>
/// <param name="count">How many there are.</param>
internal sealed class CallerPlaces(int count)
{
    private readonly ConcurrentDictionary<string, int> _taken = [];

    /// <summary>The most of one caller.</summary>
    public int MaxOfOne { get; } = Math.Max(1, count / 2);

    /// <summary>Takes a place, if the caller may have one more.</summary>
    public bool TryTake(string caller)
    {
        if (_taken.AddOrUpdate(caller, 1, (_, taken) => taken + 1) <= MaxOfOne)
            return true;
        Leave(caller);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string caller)
    {
        // Nobody is remembered who has none.
        if (_taken.AddOrUpdate(caller, 0, (_, taken) => taken - 1) <= 0)
            _taken.TryRemove(KeyValuePair.Create(caller, 0));
    }
}
