using System.ComponentModel;
using System.Diagnostics;

namespace FerMl.Cli;

/// <summary>The user's default browser.</summary>
internal static class Browser
{
    /// <summary>Opens a page with the system's opener; does nothing if there is none.</summary>
    public static void TryOpen(string address)
    {
        try
        {
            using var started = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException or InvalidOperationException)
        {
            // The terminal also shows the address.
        }
    }
}
