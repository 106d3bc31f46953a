using System.Diagnostics;

namespace FerMl.EndToEnd.Tests;

/// <summary>A virtual X display, for screenshots of windows and key presses.</summary>
internal sealed class XDisplay : IDisposable
{
    private readonly Process _server;

    /// <summary>Starts the server; skips the test if it or its tools are missing.</summary>
    public XDisplay()
    {
        foreach (var (program, package) in new[] { ("Xvfb", "xvfb"), ("xdotool", "xdotool"), ("import", "imagemagick") })
            if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, program))))
                Assert.Ignore($"needs {program} (package {package}); eng/setup.sh --for-tests installs it");
        _server = Process.Start(new ProcessStartInfo("Xvfb", ["-displayfd", "1", "-screen", "0", "1000x800x24", "-nolisten", "tcp"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // The server writes its display number once it is ready.
        Name = $":{_server.StandardOutput.ReadLine()}";
    }

    /// <summary>The value for DISPLAY.</summary>
    public string Name { get; }

    /// <summary>Runs a program on the display.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISPLAY"] = Name;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
    }
}
