using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FerMl.Vision;

/// <summary>
/// The <c>ffmpeg</c> program of the system, which reads and writes what OpenCV's own FFmpeg can't: streams from the network, AV1, H.264
/// recordings. It isn't part of FerMl; where it is missing, messages name it.
/// </summary>
internal static partial class Ffmpeg
{
    /// <summary>How to get it, for messages.</summary>
    public const string Remedy = "install ffmpeg (Debian and Ubuntu: sudo apt-get install ffmpeg; Windows: winget install ffmpeg; "
        + "macOS: brew install ffmpeg), so that the command 'ffmpeg' is found";

    /// <summary>The exit code with which it ends when a signal told it to.</summary>
    public const int Interrupted = 255;

    // What it says at the end of a failure, after the cause.
    private static readonly string[] Afterwards =
        ["Error opening input", "Conversion failed", "Exiting normally", "Nothing was written", "Output file", "Error while filtering",
            "Cannot determine format", "Output #0", "frame="];

    /// <summary>Whether it can be run here.</summary>
    public static bool IsInstalled => Path is not null;

    /// <summary>Where it is: the first of the folders of PATH that has it.</summary>
    private static string? Path
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
            return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
                .Where(folder => folder.Length > 0).Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        }
    }

    /// <summary>Runs it with its standard input and output as pipes.</summary>
    /// <param name="arguments">Its arguments, each passed as it is.</param>
    /// <param name="line">Receives each line that it says, on another thread.</param>
    /// <exception cref="VisionException">It isn't installed, or can't be run.</exception>
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

    /// <summary>Ends it, if it still runs.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
        }
    }

    /// <summary>Waits until it has ended, but not for long, and then for what it said last, which may still be on its way.</summary>
    public static void WaitForItsLastWords(Process process)
    {
        if (process.WaitForExit(1_000))
            process.WaitForExit();
    }

    /// <summary>What went wrong, out of what it said; null where it said nothing of use.</summary>
    public static string? Cause(IEnumerable<string> lines) =>
        lines.Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]) && !Afterwards.Any(line.StartsWith))
            .Select(line => Prefix().Replace(line, "").Trim()).LastOrDefault(line => line.Length > 0);

    // "[rtsp @ 0x55d0c8a0] ".
    [GeneratedRegex(@"^(\[[^\]]*\] *)+")]
    private static partial Regex Prefix();
}
