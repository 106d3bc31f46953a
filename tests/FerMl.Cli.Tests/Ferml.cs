using Spectre.Console;

namespace FerMl.Cli.Tests;

/// <summary>Runs the command in the test process.</summary>
internal static class Ferml
{
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) => RunAsync(isLive: false, args);

    /// <summary>Runs the command with standard error as a terminal, which shows progress bars.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunLiveAsync(params string[] args) => RunAsync(isLive: true, args);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(bool isLive, string[] args)
    {
        var (results, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = TerminalOn(results, errors, isLive);
        var exitCode = await CommandLine.RunAsync(args, terminal);
        return (exitCode, results.ToString(), errors.ToString());
    }

    public static Terminal TerminalOn(TextWriter results, TextWriter errors, bool isLive = false) =>
        new(results, Create(results, isLive: false), Create(errors, isLive), isLive);

    /// <summary>The text of a rendered table.</summary>
    public static string Text(Spectre.Console.Rendering.IRenderable table)
    {
        var text = new StringWriter { NewLine = "\n" };
        Create(text, isLive: false).Write(table);
        return text.ToString();
    }

    private static IAnsiConsole Create(TextWriter writer, bool isLive)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isLive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = isLive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 160;
        return console;
    }
}
