using FerMl.Cli;
using Spectre.Console;

var terminal = new Terminal(
    Console.Out,
    AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }),
    AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
    isLive: !Console.IsErrorRedirected);
using var signals = new StopSignals();
return await CommandLine.RunAsync(args, terminal, signals.Token);
