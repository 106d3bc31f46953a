using System.Text.RegularExpressions;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Loads OpenCV's native library before its first use, and says what is missing where it can't be loaded.</summary>
internal static partial class OpenCv
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
            throw new VisionException(Explain((e.InnerException ?? e).Message), e);
        }
    }

    /// <summary>What helps where the library can't be loaded: a package where it isn't there, or what it needs of the system.</summary>
    /// <param name="message">What the loader says: on Linux a line for each place that it looked at.</param>
    internal static string Explain(string message)
    {
        var needed = LackingLibrary().Matches(message).Select(match => match.Groups["library"].Value)
            .FirstOrDefault(library => !library.Contains("OpenCvSharpExtern", StringComparison.Ordinal));
        return needed is not null
            ? $"OpenCV can't be loaded: the system lacks {needed}. Run eng/setup.sh, or install GTK 3: libgtk-3-0 on Debian 12, "
                + $"libgtk-3-0t64 on newer Debian and Ubuntu."
            : $"OpenCV can't be loaded ({message.Split('\n')[0]}). Its native library comes in a package of its own: add {Package} to the "
                + $"program. Photographs need it only to be drawn.";
    }

    private static string Package => OperatingSystem.IsLinux() ? "OpenCvSharp4.official.runtime.linux-x64"
        : OperatingSystem.IsWindows() ? "OpenCvSharp4.runtime.win" : "OpenCvSharp4's runtime package for this system";

    [GeneratedRegex(@"(?m)^\s*(?<library>[^\s:]+\.so[^\s:]*): cannot open shared object file")]
    private static partial Regex LackingLibrary();
}
