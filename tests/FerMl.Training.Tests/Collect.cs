namespace FerMl.Training.Tests;

/// <summary>Keeps what is reported, and does something besides.</summary>
internal sealed class Collect<T>(List<T> into, Action<T>? also = null) : IProgress<T>
{
    public void Report(T value)
    {
        into.Add(value);
        also?.Invoke(value);
    }
}
