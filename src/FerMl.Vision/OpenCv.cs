using System.Text.RegularExpressions;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Loads OpenCV's native library before its first use, and explains what is missing where that fails.</summary>
internal static partial class OpenCv
{
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Makes sure that OpenCV can be called, and silences its log messages: FerMl has better ones.</summary>
    /// <exception cref="VisionException">The native library, or a system library that it needs, is missing.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        try
        {
            Cv2.SetLogLevel(LogLevel.SILENT);
            // Otherwise FFmpeg writes a line for each damaged block of a video.
            NativeEnvironment.SetDefault("OPENCV_FFMPEG_LOGLEVEL", "-8");
            return true;
        }
        catch (Exception e) when (
            e is TypeInitializationException or DllNotFoundException or BadImageFormatException or OpenCvSharpException)
        {
            throw new VisionException(Explain((e.InnerException ?? e).Message), e);
        }
    }

    /// <summary>Explains how to fix a failed load: a package to add, or a system library to install.</summary>
    /// <param name="message">The loader's message: on Linux a line for each path that it tried.</param>
    internal static string Explain(string message)
    {
        var needed = LackingLibrary().Matches(message).Select(match => match.Groups["library"].Value)
            .FirstOrDefault(library => !library.Contains("OpenCvSharpExtern", StringComparison.Ordinal));
        return needed is not null
            ? $"OpenCV can't be loaded: the system lacks {needed}. Run eng/setup.sh, or install GTK 3: libgtk-3-0 on Debian 12, "
                + $"libgtk-3-0t64 on newer Debian and Ubuntu."
            : $"OpenCV can't be loaded ({message.Split('\n')[0]}). Its native library is a separate package: add {Package} to the "
                + "program. For photos it is needed only to draw them.";
    }

    private static string Package => OperatingSystem.IsLinux() ? "OpenCvSharp4.official.runtime.linux-x64"
        : OperatingSystem.IsWindows() ? "OpenCvSharp4.runtime.win" : "OpenCvSharp4's runtime package for this system";

    [GeneratedRegex(@"(?m)^\s*(?<library>[^\s:]+\.so[^\s:]*): cannot open shared object file")]
    private static partial Regex LackingLibrary();
}
