using System.ComponentModel;
using System.Diagnostics;

namespace FerMl.Cli;

/// <summary>The person's browser.</summary>
internal static class Browser
{
    /// <summary>Opens a page, by the program that the system has for that; where there is none, nothing happens.</summary>
    public static void TryOpen(string address)
    {
        try
        {
            using var started = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException or InvalidOperationException)
        {
            // The address is in the terminal, too.
        }
    }
}
