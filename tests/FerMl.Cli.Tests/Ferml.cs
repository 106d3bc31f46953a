using Spectre.Console;

namespace FerMl.Cli.Tests;

/// <summary>Runs the command inside the test's own process.</summary>
internal static class Ferml
{
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        var (results, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal(results, Plain(results), Plain(errors), isLive: false);
        var exitCode = await CommandLine.RunAsync(args, terminal);
        return (exitCode, results.ToString(), errors.ToString());
    }

    private static IAnsiConsole Plain(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 160;
        return console;
    }
}
