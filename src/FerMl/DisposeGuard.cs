namespace FerMl;

/// <summary>
/// Guards native objects, which crash the process if two threads use them at once or a call uses them after release. It admits one call at
/// a time, rejects calls after disposal of the owner, and releases the objects when the last call has ended.
/// </summary>
/// <param name="owner">The type that owns them, for error messages.</param>
internal sealed class DisposeGuard(Type owner)
{
    private readonly Lock _lock = new();
    private bool _isClosed;
    private Action? _free;

    /// <summary>Waits until no other call is running, then enters.</summary>
    /// <returns>The entry, which the caller disposes to leave.</returns>
    /// <exception cref="ObjectDisposedException">The owner is disposed.</exception>
    public Entry Enter()
    {
        var scope = _lock.EnterScope();
        if (!_isClosed)
            return new Entry(this, scope);
        scope.Dispose();
        throw new ObjectDisposedException(owner.FullName);
    }

    /// <summary>Releases the objects once, after the running call, even if that call itself closes the guard.</summary>
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

    /// <summary>A running call.</summary>
    public ref struct Entry(DisposeGuard gate, Lock.Scope scope)
    {
        private Lock.Scope _scope = scope;

        /// <summary>Ends the call and admits the next one.</summary>
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
