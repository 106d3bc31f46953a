using System.Runtime.InteropServices;

namespace FerMl;

/// <summary>
/// Sets environment variables for native libraries. On Unix, .NET's own method doesn't change the C library's environment.
/// </summary>
internal static class NativeEnvironment
{
    /// <summary>Sets a variable for this process, unless it is already set.</summary>
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

    /// <summary>IEEE 1003.1, setenv: sets a variable; an existing one is only overwritten on request.</summary>
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
