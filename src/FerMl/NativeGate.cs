namespace FerMl;

/// <summary>
/// Guards native objects, which crash the process when they are used by two threads or after they are gone: lets one call in at a time,
/// none after the owner was disposed of, and frees them when the last has left.
/// </summary>
/// <param name="owner">The class that owns them, for messages.</param>
internal sealed class NativeGate(Type owner)
{
    private readonly Lock _lock = new();
    private bool _isClosed;

    /// <summary>Waits for its turn.</summary>
    /// <returns>What lets the next one in when it is disposed of.</returns>
    /// <exception cref="ObjectDisposedException">The owner was disposed of.</exception>
    public Lock.Scope Enter()
    {
        var scope = _lock.EnterScope();
        if (!_isClosed)
            return scope;
        scope.Dispose();
        throw new ObjectDisposedException(owner.FullName);
    }

    /// <summary>Frees what is guarded, once, when the call under way has left.</summary>
    public void Close(Action free)
    {
        using (_lock.EnterScope())
        {
            if (_isClosed)
                return;
            _isClosed = true;
            free();
        }
    }
}
