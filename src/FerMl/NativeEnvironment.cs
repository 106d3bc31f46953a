using System.Runtime.InteropServices;

namespace FerMl;

/// <summary>
/// Environment variables as native libraries see them: on Unix .NET's own way of setting one doesn't reach the C library.
/// </summary>
internal static class NativeEnvironment
{
    /// <summary>Sets a variable for this process; one that is there stays.</summary>
    public static void SetDefault(string name, string value)
    {
        if (OperatingSystem.IsWindows())
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
        else
            _ = SetEnvironment(name, value, overwrite: 0);
    }

    /// <summary>IEEE 1003.1, setenv: sets a variable; one that is there stays unless it is to be overwritten.</summary>
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
