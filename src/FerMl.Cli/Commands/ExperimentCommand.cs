using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FerMl.Experiments;
using Spectre.Console;
using static FerMl.Cli.Commands.StudyArguments;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml experiment</c>: hyperparameter search, and the results of its studies.</summary>
internal static class ExperimentCommand
{
    public static Command Create(Terminal terminal) =>
        new("experiment", "Hyperparameter search, in studies that many workers may share.")
    {
        ExperimentRunCommand.Create(terminal), ExperimentWorkerCommand.Create(terminal),
        List(terminal), Show(terminal), Best(terminal), Export(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var (database, json) = (Database(), Json());
        var command = new Command("list", "List the studies of a database.") { database, json };
        command.SetAction(parsed =>
        {
            var studies = StudyStore.Open(parsed.GetRequiredValue(database), create: false).List();
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(studies, FerMlJson.Options));
            else
            {
                var table = new Table().AddColumn("study").AddColumn("metric").AddColumn(new TableColumn("trials").RightAligned())
                    .AddColumn(new TableColumn("completed").RightAligned()).AddColumn(new TableColumn("best").RightAligned());
                foreach (var study in studies)
                    table.AddRow(study.Definition.Name.Shown(), $"{study.Definition.Metric}",
                        $"{study.Trials} of {study.Definition.MaxTrials}", $"{study.Completed}", $"{study.Best:F4}");
                terminal.Output.Write(table);
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var (database, name, json) = (Database(), Name(), Json());
        var command = new Command("show", "Show a study's trials, the best first.") { database, name, json };
        command.SetAction(parsed =>
        {
            var store = StudyStore.Open(parsed.GetRequiredValue(database), create: false);
            var study = store.Find(parsed.GetRequiredValue(name));
            var trials = store.Trials(study.Name);
            if (parsed.GetValue(json))
            {
                terminal.Results.WriteLine(JsonSerializer.Serialize(new { study, trials = trials.Select(Row) }, FerMlJson.Options));
                return ExitCode.Ok;
            }
            var table = new Table().Title($"{study.Name.Shown()}: {study.Metric}, {trials.Count} of {study.MaxTrials} trials")
                .AddColumn(new TableColumn("trial").RightAligned()).AddColumn("state").AddColumn(new TableColumn("epochs").RightAligned())
                .AddColumn(new TableColumn("score").RightAligned()).AddColumn("configuration");
            foreach (var trial in trials.OrderByDescending(trial => trial.Epochs).ThenByDescending(trial => trial.Score))
                table.AddRow($"{trial.Number}", $"{trial.State}".ToLowerInvariant(), $"{trial.Epochs}", $"{trial.Score:F4}",
                    $"{trial.Configuration}{(trial.Error is null ? "" : $" ({trial.Error})")}".Shown());
            terminal.Output.Write(table);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Best(Terminal terminal)
    {
        var (database, name, folder) = (Database(), Name(), Folder());
        var output = new Option<string?>("--out") { Description = "The file to copy its model to.", HelpName = "zip" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command("best", "Print the best completed trial, and copy its model.")
        {
            database, name, folder, output, overwrite,
        };
        command.SetAction(parsed =>
        {
            var store = StudyStore.Open(parsed.GetRequiredValue(database), create: false);
            var study = store.Find(parsed.GetRequiredValue(name));
            var best = StudyResult.BestOf(store.Trials(study.Name))
                ?? throw new ExperimentException($"No trial of '{study.Name}' has completed yet.");
            if (parsed.GetValue(output) is { } path)
            {
                using var model = new FileStream(
                    TrainingTrialRunner.ModelPath(parsed.GetRequiredValue(folder), best.Number), FileMode.Open, FileAccess.Read,
                    FileShare.Read);
                AtomicFile.Write(path, model.CopyTo, parsed.GetValue(overwrite));
            }
            terminal.Results.WriteLine(JsonSerializer.Serialize(Row(best), FerMlJson.Options));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Export(Terminal terminal)
    {
        var (database, name) = (Database(), Name());
        var output = new Option<string>("--out") { Description = "The table to write.", Required = true, HelpName = "csv" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command("export", "Write a study's trials as a table.") { database, name, output, overwrite };
        command.SetAction(parsed =>
        {
            var store = StudyStore.Open(parsed.GetRequiredValue(database), create: false);
            var study = store.Find(parsed.GetRequiredValue(name));
            string[] parameters = [.. study.Space.Parameters.Select(parameter => parameter.Name)];
            var table = Csv.Of(["trial", "state", "epochs", "score", "attempts", .. parameters, "error"], store.Trials(study.Name)
                .Select(trial => (string[])[
                Text(trial.Number), trial.State.ToString().ToLowerInvariant(), Text(trial.Epochs),
                trial.Score?.ToString("R", CultureInfo.InvariantCulture) ?? "", Text(trial.Attempts),
                .. parameters.Select(parameter => trial.Configuration.Values.GetValueOrDefault(parameter, "")), trial.Error ?? ""]));
            AtomicFile.WriteText(parsed.GetRequiredValue(output), table, parsed.GetValue(overwrite));
            terminal.Results.WriteLine(parsed.GetRequiredValue(output));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
