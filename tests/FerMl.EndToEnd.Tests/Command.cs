using System.Diagnostics;
using System.Text;

namespace FerMl.EndToEnd.Tests;

/// <summary>Runs programs in separate processes, as users do.</summary>
internal static class Command
{
    /// <summary>Number of the signal that Ctrl+C sends.</summary>
    private const int Interrupt = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static string Ferml { get; } = Path.Combine(AppContext.BaseDirectory, "FerMl.Cli.dll");

    /// <summary>The program that references only FerMl; it is built into its own folder, next to this one's.</summary>
    public static string ModelReader { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace("FerMl.EndToEnd.Tests", "FerMl.ModelReader"), "FerMl.ModelReader.dll");

    public static (int ExitCode, string Output, string Error) Run(string folder, string program, params IEnumerable<string> arguments)
    {
        using var process = Start(folder, program, arguments, out var output, out var error);
        Wait(process);
        return (process.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs a shell command line.</summary>
    public static (int ExitCode, string Output, string Error) Shell(string folder, string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", line])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Removes variables that "dotnet test" sets for itself: programs that users start don't have them.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Wait(process);
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs the ferml command, interrupts it (Ctrl+C) once standard error contains a text, and waits for its end.</summary>
    public static (int ExitCode, string Output, string Error) InterruptAt(
        string text, string folder, params IEnumerable<string> arguments) =>
        InterruptAt(text, folder, arguments, times: 1);

    /// <inheritdoc cref="InterruptAt(string, string, IEnumerable{string})"/>
    public static (int ExitCode, string Output, string Error) InterruptAt(
        string text, string folder, IEnumerable<string> arguments, int times, double secondsBetween = 0)
    {
        RequireInterrupts();
        using var process = Start(folder, Ferml, arguments, out var output, out var error);
        WaitFor(text, process, error);
        // Uses the shell's built-in "kill", since minimal systems have no such program.
        using (var kill = Process.Start("sh", ["-c", string.Join("; ", Enumerable.Repeat($"kill -INT {process.Id}; sleep "
            + $"{secondsBetween.Invariant()}", times))]))
            kill.WaitForExit();
        Wait(process);
        return (process.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>Skips the test if Ctrl+C can't be sent, or the started processes ignore it.</summary>
    public static void RequireInterrupts()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no command that sends Ctrl+C to another process");
        // Background processes of a shell script ignore Ctrl+C (POSIX, Shell Command Language, 2.11), and so do their children.
        if (OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status")
            .Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var ignored
            && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & 1UL << (Interrupt - 1)) != 0)
            Assert.Ignore("these tests were started in a way that makes Ctrl+C be ignored, such as in the background of a shell script");
    }

    /// <summary>Waits until a process writes a text to standard error, or ends.</summary>
    public static void WaitFor(string text, Process process, StringBuilder error)
    {
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && watch.Elapsed < Limit)
        {
            lock (error)
                if (error.ToString().Contains(text, StringComparison.Ordinal))
                    return;
            process.WaitForExit(20);
        }
    }

    /// <summary>Runs the ferml command and kills it (kill -9) after a delay, unless it ends before.</summary>
    public static void KillAfter(TimeSpan delay, string folder, IEnumerable<string> arguments)
    {
        using var process = Start(folder, Ferml, arguments, out _, out _);
        if (!process.WaitForExit(delay))
            process.Kill();
        Wait(process);
    }

    /// <summary>Starts the ferml command on an X display and returns; <see cref="Wait"/> waits for its end.</summary>
    public static Process StartOn(string? display, string folder, IEnumerable<string> arguments, out StringBuilder error) =>
        Start(folder, Ferml, arguments, out _, out error, new Dictionary<string, string?>
        {
            ["DISPLAY"] = display,
            ["WAYLAND_DISPLAY"] = null,
        });

    private static Process Start(
        string folder, string program, IEnumerable<string> arguments, out StringBuilder output, out StringBuilder error,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var isDotnet = program.EndsWith(".dll", StringComparison.Ordinal);
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(isDotnet ? "dotnet" : program, isDotnet ? [program, .. arguments] : arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            process.StartInfo.Environment[name] = value;
        var (texts, complaints) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, line) => Append(texts, line.Data);
        process.ErrorDataReceived += (_, line) => Append(complaints, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        (output, error) = (texts, complaints);
        return process;

        static void Append(StringBuilder text, string? line)
        {
            if (line is null)
                return;
            lock (text)
                text.Append(line).Append('\n');
        }
    }

    public static void Wait(Process process)
    {
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ran for more than "
                + $"{Limit.TotalMinutes} minutes");
        }
        // Waits again without a limit: only this overload waits until all output is read.
        process.WaitForExit();
    }
}
