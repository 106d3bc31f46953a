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

    private static readonly Lock Starting = new();
    private static PosixSignalRegistration? s_signal;
    private static CancellationTokenSource? s_current;

    /// <summary>Whether cells are run here.</summary>
    public static bool IsRunning => Find(name => name.StartsWith(Interactive, StringComparison.Ordinal)) is not null;

    /// <summary>
    /// What is cancelled when the cell that runs now is interrupted; none outside of cells. Visual Studio Code cancels the cell's own
    /// token. Jupyter sends a signal, which would end the kernel; eng/kernel.sh makes SIGCONT of it, which nobody else listens to.
    /// </summary>
    public static CancellationToken Interrupted()
    {
        if (Find(name => name == Interactive)?.GetType($"{Interactive}.KernelInvocationContext") is not { } type
            || type.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is not { } context)
            return default;
        var cell = type.GetProperty("CancellationToken")?.GetValue(context) is CancellationToken token ? token : default;
        lock (Starting)
        {
            if (!OperatingSystem.IsWindows())
                s_signal ??= PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => s_current?.Cancel());
            s_current = CancellationTokenSource.CreateLinkedTokenSource(cell);
            return s_current.Token;
        }
    }

    private static Assembly? Find(Func<string, bool> isWanted) =>
        Array.Find(AppDomain.CurrentDomain.GetAssemblies(), assembly => isWanted(assembly.GetName().Name ?? ""));
}
