namespace FerMl.Training.Tests;

/// <summary>Collects reports, and optionally runs an action on each.</summary>
internal sealed class Collect<T>(List<T> into, Action<T>? also = null) : IProgress<T>
{
    public void Report(T value)
    {
        into.Add(value);
        also?.Invoke(value);
    }
}
