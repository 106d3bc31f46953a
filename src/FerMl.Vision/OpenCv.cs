using System.Runtime.InteropServices;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Loads OpenCV's native library before its first use, and says what is missing where it can't be loaded.</summary>
internal static class OpenCv
{
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Sees to it that OpenCV can be called, and that it keeps its own messages to itself: FerMl has better ones.</summary>
    /// <exception cref="VisionException">Its native library isn't there, or lacks a library of the system.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        try
        {
            Cv2.SetLogLevel(LogLevel.SILENT);
            // FFmpeg would write a line for each damaged block of a video. OpenCV asks the C library for this variable, which .NET's own
            // way of setting one doesn't reach.
            if (!OperatingSystem.IsWindows())
                _ = SetEnvironment("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
            return true;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException or OpenCvSharpException)
        {
            var cause = (e.InnerException ?? e).Message.Split('\n')[0];
            throw new VisionException(OperatingSystem.IsLinux()
                ? $"OpenCV can't be loaded ({cause}). Run eng/setup.sh, or install GTK 3: libgtk-3-0 on Debian 12, libgtk-3-0t64 on newer Debian and Ubuntu."
                : $"OpenCV can't be loaded ({cause}). Add OpenCvSharp4's runtime package for this system to the program, such as OpenCvSharp4.runtime.win.", e);
        }
    }

    /// <summary>IEEE 1003.1, setenv: sets a variable; one that is there stays unless it is to be overwritten.</summary>
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
