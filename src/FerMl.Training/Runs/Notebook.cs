using System.Reflection;
using System.Runtime.InteropServices;

namespace FerMl.Training;

/// <summary>
/// Detects .NET Interactive notebooks and the interruption of their cells. It uses reflection, since other programs don't reference .NET
/// Interactive.
/// </summary>
internal static class Notebook
{
    private const string Interactive = "Microsoft.DotNet.Interactive";

    private static readonly Lock Lock = new();
    private static readonly List<CancellationTokenSource> UnderWay = [];
    private static PosixSignalRegistration? s_signal;

    /// <summary>Whether the process is a notebook kernel.</summary>
    public static bool IsRunning => Find(name => name.StartsWith(Interactive, StringComparison.Ordinal)) is not null;

    /// <summary>
    /// Returns an object that is canceled when the current cell is interrupted, until it is disposed; null outside of cells. Visual Studio
    /// Code cancels the cell's own token. Jupyter sends a signal, which would end the kernel; eng/kernel.sh translates it to SIGCONT, which
    /// nothing else handles.
    /// </summary>
    public static Interruption? Interrupt()
    {
        if (Find(name => name == Interactive)?.GetType($"{Interactive}.KernelInvocationContext") is not { } type
            || type.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is not { } context)
            return null;
        var cell = type.GetProperty("CancellationToken")?.GetValue(context) is CancellationToken token ? token : default;
        lock (Lock)
        {
            if (!OperatingSystem.IsWindows())
                s_signal ??= PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => CancelAll());
            var source = CancellationTokenSource.CreateLinkedTokenSource(cell);
            UnderWay.Add(source);
            return new Interruption(source);
        }
    }

    private static void CancelAll()
    {
        lock (Lock)
            foreach (var source in UnderWay)
                source.Cancel();
    }

    /// <summary>A training that an interruption stops.</summary>
    internal sealed class Interruption(CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            lock (Lock)
                UnderWay.Remove(source);
            source.Dispose();
        }
    }

    private static Assembly? Find(Func<string, bool> isWanted) =>
        Array.Find(AppDomain.CurrentDomain.GetAssemblies(), assembly => isWanted(assembly.GetName().Name ?? ""));
}
