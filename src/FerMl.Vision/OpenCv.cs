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
            // FFmpeg would write a line for each damaged block of a video.
            NativeEnvironment.SetDefault("OPENCV_FFMPEG_LOGLEVEL", "-8");
            return true;
        }
        catch (Exception e) when (
            e is TypeInitializationException or DllNotFoundException or BadImageFormatException or OpenCvSharpException)
        {
            var cause = (e.InnerException ?? e).Message.Split('\n')[0];
            throw new VisionException(OperatingSystem.IsLinux()
                ? $"OpenCV can't be loaded ({cause}). Run eng/setup.sh, or install GTK 3: libgtk-3-0 on Debian 12, libgtk-3-0t64 on "
                    + $"newer Debian and Ubuntu."
                : $"OpenCV can't be loaded ({cause}). Add OpenCvSharp4's runtime package for this system to the program, such as "
                    + $"OpenCvSharp4.runtime.win.", e);
        }
    }
}
