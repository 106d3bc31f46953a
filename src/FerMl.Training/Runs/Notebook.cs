using System.Reflection;
using System.Runtime.InteropServices;

namespace FerMl.Training;

/// <summary>
/// Whether the program is a notebook of .NET Interactive, and when its cell is interrupted. Asked by reflection: programs that are no
/// notebooks don't reference it.
/// </summary>
internal static class Notebook
{
    private const string Interactive = "Microsoft.DotNet.Interactive";

    private static readonly Lock Lock = new();
    private static readonly List<CancellationTokenSource> UnderWay = [];
    private static PosixSignalRegistration? s_signal;

    /// <summary>Whether cells are run here.</summary>
    public static bool IsRunning => Find(name => name.StartsWith(Interactive, StringComparison.Ordinal)) is not null;

    /// <summary>
    /// What is cancelled when the cell that runs now is interrupted, until it is disposed of; null outside of cells. Visual Studio Code
    /// cancels the cell's own token. Jupyter sends a signal, which would end the kernel; eng/kernel.sh makes SIGCONT of it, which nobody
    /// else listens to.
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

    /// <summary>A training that an interrupt stops.</summary>
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
