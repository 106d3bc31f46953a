using FerMl.Cli;
using Spectre.Console;

// Wide enough for every table: output to files and pipes isn't wrapped.
const int unbroken = 1_000;

// Must come first, because writers keep the encoding they start with.
using var encoding = new ConsoleEncoding();
var terminal = new Terminal(
    Console.Out, Open(Console.Out, Console.IsOutputRedirected), Open(Console.Error, Console.IsErrorRedirected),
    isLive: !Console.IsErrorRedirected);
using var signals = new StopSignals();
return await CommandLine.RunAsync(args, terminal, signals.Token);

static IAnsiConsole Open(TextWriter writer, bool isRedirected)
{
    var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
    if (isRedirected)
        console.Profile.Width = unbroken;
    return console;
}
