using System.Runtime.InteropServices;

namespace FerMl.Cli;

/// <summary>
/// Ends the process at once. <see cref="Environment.Exit"/> lets native libraries take down what they hold while threads still compute in
/// it:
/// of 25 trainings that were ended so in the middle of a step 14 crashed, with "corrupted double-linked list" or nothing at all.
/// </summary>
internal static class ProcessEnd
{
    /// <summary>Ends it with an exit code. Whatever isn't on disk by now is lost.</summary>
    public static void Now(int exitCode)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        // On Windows all other threads are ended before libraries learn of the end.
        if (!OperatingSystem.IsWindows())
            ExitNow(exitCode);
        Environment.Exit(exitCode);
    }

    /// <summary>IEEE 1003.1, _exit: ends the process without calling what libraries registered for its end.</summary>
    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitNow(int exitCode);
}
