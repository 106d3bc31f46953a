using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FerMl.Vision;

/// <summary>
/// Runs the system's <c>ffmpeg</c>, which reads and writes what OpenCV's own FFmpeg can't: network streams, AV1, H.264 recordings. It isn't
/// part of FerMl; where it is missing, messages name it.
/// </summary>
internal static partial class Ffmpeg
{
    /// <summary>How to install ffmpeg, for messages.</summary>
    public const string Remedy = "install ffmpeg (Debian and Ubuntu: sudo apt-get install ffmpeg; Windows: winget install ffmpeg; "
        + "macOS: brew install ffmpeg), so that the command 'ffmpeg' is found";

    /// <summary>The exit code after a signal.</summary>
    public const int Interrupted = 255;

    // Prefixes of the lines that follow the cause of a failure.
    private static readonly string[] Afterwards =
        ["Error opening input", "Conversion failed", "Exiting normally", "Nothing was written", "Output file", "Error while filtering",
            "Cannot determine format", "Output #0", "frame="];

    /// <summary>Whether ffmpeg is installed.</summary>
    public static bool IsInstalled => Path is not null;

    /// <summary>The path of ffmpeg, from the first folder of PATH that contains it.</summary>
    private static string? Path
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
            return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
                .Where(folder => folder.Length > 0).Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        }
    }

    /// <summary>Starts ffmpeg with its standard input and output as pipes.</summary>
    /// <param name="arguments">The arguments, each passed as is.</param>
    /// <param name="line">Receives each line of its standard error, on another thread.</param>
    /// <exception cref="VisionException">ffmpeg isn't installed, or can't be run.</exception>
    public static Process Start(IEnumerable<string> arguments, Action<string> line)
    {
        var start = new ProcessStartInfo(Path ?? throw new VisionException($"The program ffmpeg is missing: {Remedy}."))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in (string[])["-hide_banner", "-nostats", .. arguments])
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, said) =>
        {
            if (said.Data is { } text)
                line(text);
        };
        try
        {
            process.Start();
            process.BeginErrorReadLine();
            return process;
        }
        catch (Exception e)
        {
            process.Dispose();
            throw new VisionException($"The program ffmpeg can't be run: {e.Message}.", e);
        }
    }

    /// <summary>Kills the process if it is still running.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // The process has exited.
        }
    }

    /// <summary>Waits briefly for the process to exit, and then for its last lines, which may still be on their way.</summary>
    public static void WaitForErrorOutput(Process process)
    {
        if (process.WaitForExit(1_000))
            process.WaitForExit();
    }

    /// <summary>The cause of a failure, from the lines of standard error; null where they don't tell.</summary>
    public static string? Cause(IEnumerable<string> lines) =>
        lines.Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]) && !Afterwards.Any(line.StartsWith))
            .Select(line => Prefix().Replace(line, "").Trim()).LastOrDefault(line => line.Length > 0);

    // Matches "[rtsp @ 0x55d0c8a0] ".
    [GeneratedRegex(@"^(\[[^\]]*\] *)+")]
    private static partial Regex Prefix();
}
