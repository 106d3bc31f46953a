namespace FerMl.Vision;

/// <summary>
/// Things for one thread at a time, for any number of threads: each that needs one has one of its own, made when it is needed.
/// </summary>
/// <typeparam name="T">What they are.</typeparam>
internal sealed class Pool<T> : IDisposable where T : IDisposable
{
    private readonly Func<T> _create;
    private readonly Lock _lock = new();
    private readonly Stack<T> _free = [];
    private bool _isDisposed;

    /// <param name="create">Makes one; called once here, so that what is wrong with it is said now and not at its first use.</param>
    public Pool(Func<T> create)
    {
        _create = create;
        _free.Push(create());
    }

    /// <summary>Takes one, uses it, and puts it back.</summary>
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

    /// <summary>Frees them; those in use when that ends.</summary>
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
