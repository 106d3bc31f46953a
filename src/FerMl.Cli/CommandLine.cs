using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel.DataAnnotations;
using FerMl.Cli.Commands;
namespace FerMl.Cli;

/// <summary>The <c>ferml</c> command: its subcommands, and how errors become messages and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="cancellation">Stops it: what is under way may still finish its step and write its files.</param>
    /// <returns>0: done. 1: failed. 2: wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        var root = new RootCommand("Facial emotion recognition: train on FER2013, evaluate, predict.")
        {
            QuickstartCommand.Create(terminal),
            DataCommand.Create(terminal),
            AutoCommand.Create(terminal),
            TrainCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            CalibrateCommand.Create(terminal),
            ExperimentCommand.Create(terminal),
            ReportCommand.Create(terminal),
            DetectorCommand.Create(terminal),
            ReproduceCommand.Create(terminal),
            PredictCommand.Create(terminal),
            EmbedCommand.Create(terminal),
            WebcamCommand.Create(terminal),
            ServeCommand.Create(terminal),
            TimelineCommand.Create(terminal),
            ExportCommand.Create(terminal),
            EnsembleCommand.Create(terminal),
            ScoreViewsCommand.Create(terminal),
            BenchmarkCommand.Create(terminal),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                terminal.WriteError(InWords(error.Message));
            terminal.WriteLine($"Try '{PathOf(parsed.CommandResult)} --help'.");
            return ExitCode.WrongUsage;
        }
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Results,
            Error = terminal.Error.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
            // Signals are StopSignals' to take.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.WriteError("stopped.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is ValidationException or ArgumentException or FormatException)
        {
            terminal.WriteError(e.Message.Split(" (Parameter")[0]);
            return ExitCode.WrongUsage;
        }
        catch (Exception e) when (e is FerMlException or IOException or UnauthorizedAccessException)
        {
            terminal.WriteError(e.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>The parser's messages, with kinds of numbers named as people name them.</summary>
    private static string InWords(string message)
    {
        (string Type, string Words)[] numbers = [("Int32", "a whole number"), ("Int64", "a whole number"), ("Double", "a number")];
        foreach (var (type, words) in numbers)
            message = message
                .Replace($" as expected type 'System.Nullable`1[System.{type}]'", $" as {words}", StringComparison.Ordinal)
                .Replace($" as expected type 'System.{type}'", $" as {words}", StringComparison.Ordinal);
        return message;
    }

    private static string PathOf(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
            names.Insert(0, command.Command is RootCommand ? "ferml" : command.Command.Name);
        return string.Join(' ', names);
    }
}
