namespace FerMl.Vision;

/// <summary>Pools objects that aren't thread-safe: each concurrent call uses its own, created on demand.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
internal sealed class Pool<T> : IDisposable where T : IDisposable
{
    private readonly Func<T> _create;
    private readonly Lock _lock = new();
    private readonly Stack<T> _free = [];
    private bool _isDisposed;

    /// <param name="create">Creates an object; called once here, so that errors show now rather than at first use.</param>
    public Pool(Func<T> create)
    {
        _create = create;
        _free.Push(create());
    }

    /// <summary>Rents an object, uses it, and returns it.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed of.</exception>
    public TResult Use<TResult>(Func<T, TResult> use)
    {
        var one = Take();
        try
        {
            return use(one);
        }
        finally
        {
            GiveBack(one);
        }
    }

    /// <summary>Frees the objects; those in use when their calls return.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_free.TryPop(out var one))
                one.Dispose();
        }
    }

    private T Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_free.TryPop(out var one))
                return one;
        }
        return _create();
    }

    private void GiveBack(T one)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _free.Push(one);
                return;
            }
        }
        one.Dispose();
    }
}
