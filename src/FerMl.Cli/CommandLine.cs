using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.ComponentModel.DataAnnotations;
using FerMl.Cli.Commands;
namespace FerMl.Cli;

/// <summary>The <c>ferml</c> command: its subcommands, and the mapping of errors to messages and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="terminal">The output.</param>
    /// <param name="cancellation">Stops the command, which may still finish its current step and write its files.</param>
    /// <returns>0: success. 1: failure. 2: wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        var parsed = Root(terminal).Parse(args);
        // A command group without a subcommand shows its help.
        if (parsed.CommandResult.Command is { Subcommands.Count: > 0, Action: null } && parsed.UnmatchedTokens.Count == 0
            && parsed.Tokens.All(token => token.Type == TokenType.Command))
        {
            var help = Root(terminal).Parse([.. args, "--help"]);
            await help.InvokeAsync(new InvocationConfiguration
            {
                Output = args.Length == 0 ? terminal.Results : terminal.Error.Profile.Out.Writer,
            }, cancellation);
            return args.Length == 0 ? ExitCode.Ok : ExitCode.WrongUsage;
        }
        if (parsed.Errors.Count > 0 || (MistypedOptions(parsed).Any() && parsed.Action is not HelpAction))
        {
            foreach (var error in Errors(parsed))
                terminal.WriteError(error);
            terminal.WriteLine($"Try '{PathOf(parsed.CommandResult)} --help'.");
            return ExitCode.WrongUsage;
        }
        if (Blank(parsed) is { } blank)
        {
            terminal.WriteError($"{blank} is empty; give a value, or leave it out.");
            return ExitCode.WrongUsage;
        }
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Results,
            Error = terminal.Error.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
            // StopSignals handles signals.
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
        // An ArgumentException with a parameter name is a bug in FerMl, so it isn't caught.
        catch (Exception e) when (e is ValidationException or ArgumentException { ParamName: null } or FormatException)
        {
            terminal.WriteError(OptionWords.Of(e.Message.Split(" (Parameter")[0]));
            return ExitCode.WrongUsage;
        }
        catch (DirectoryNotFoundException) when (!Directory.Exists(Path.GetTempPath()))
        {
            terminal.WriteError(
                $"{Path.GetTempPath()}: the folder for temporary files doesn't exist; create it, or set TMPDIR to one that exists.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is FerMlException or IOException or UnauthorizedAccessException)
        {
            terminal.WriteError(OptionWords.Of(e.Message));
            return ExitCode.Failed;
        }
    }

    /// <summary>The root command with all subcommands.</summary>
    internal static RootCommand Root(Terminal terminal) =>
        new("Facial emotion recognition: train on FER2013, evaluate, predict.")
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
            AnalyzeCommand.Create(terminal),
            WebcamCommand.Create(terminal),
            ServeCommand.Create(terminal),
            TimelineCommand.Create(terminal),
            ExportCommand.Create(terminal),
            EnsembleCommand.Create(terminal),
            BenchmarkCommand.Create(terminal),
        };

    /// <summary>The errors of a command line; for an unknown word with a similar name, only that suggestion.</summary>
    private static IEnumerable<string> Errors(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var typed in parsed.UnmatchedTokens.Concat(MistypedOptions(parsed)))
            if (Suggestion.For(typed, command.Subcommands.Select(one => one.Name).Concat(command.Options.Select(one =>
                one.Name))) is { } meant)
                return [$"There is no '{typed}'; did you mean '{meant}'?"];
        return parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0
            ? [$"There is no command '{parsed.UnmatchedTokens[0]}'."]
            : MistypedOptions(parsed).Select(typed => $"There is no option '{typed}'.").Concat(
                parsed.Errors.Select(error => InWords(error.Message)));
    }

    /// <summary>The option or argument whose value is blank, such as "$UNSET" in a script; otherwise null.</summary>
    private static string? Blank(ParseResult parsed) => parsed.CommandResult.Children
        .Where(child => child.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        .Select(child => child is OptionResult option ? option.Option.Name : $"<{((ArgumentResult)child).Argument.Name}>").FirstOrDefault();

    /// <summary>Values that look like options but were parsed as file names. After --, every value is a name.</summary>
    private static IEnumerable<string> MistypedOptions(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
        .Select(token => token.Value);

    /// <summary>The parser's message with plain words for .NET's number types.</summary>
    private static string InWords(string message)
    {
        (string Type, string Words)[] numbers = [("Int32", "an integer"), ("Int64", "an integer"), ("Double", "a number")];
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
