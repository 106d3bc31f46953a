namespace FerMl;

/// <summary>
/// Guards native objects, which crash the process when they are used by two threads or after they are gone: lets one call in at a time,
/// none after the owner was disposed of, and frees them when the last has left.
/// </summary>
/// <param name="owner">The class that owns them, for messages.</param>
internal sealed class DisposeGuard(Type owner)
{
    private readonly Lock _lock = new();
    private bool _isClosed;
    private Action? _free;

    /// <summary>Waits for its turn.</summary>
    /// <returns>What lets the next one in when it is disposed of.</returns>
    /// <exception cref="ObjectDisposedException">The owner was disposed of.</exception>
    public Entry Enter()
    {
        var scope = _lock.EnterScope();
        if (!_isClosed)
            return new Entry(this, scope);
        scope.Dispose();
        throw new ObjectDisposedException(owner.FullName);
    }

    /// <summary>Frees what is guarded, once, when the call under way has left: also one that closes the gate itself.</summary>
    public void Close(Action free)
    {
        var isWithin = _lock.IsHeldByCurrentThread;
        using (_lock.EnterScope())
        {
            if (_isClosed)
                return;
            _isClosed = true;
            if (isWithin)
                _free = free;
            else
                free();
        }
    }

    /// <summary>A call under way.</summary>
    public ref struct Entry(DisposeGuard gate, Lock.Scope scope)
    {
        private Lock.Scope _scope = scope;

        /// <summary>Lets the next one in.</summary>
        public void Dispose()
        {
            try
            {
                Interlocked.Exchange(ref gate._free, null)?.Invoke();
            }
            finally
            {
                _scope.Dispose();
            }
        }
    }
}
