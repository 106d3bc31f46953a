using System.CommandLine;
using System.Text.Json;
using FerMl.Experiments;
using static FerMl.Cli.Commands.StudyArguments;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml experiment worker</c>: joins a study as a worker.</summary>
internal static class ExperimentWorkerCommand
{
    public static Command Create(Terminal terminal)
    {
        var (database, name, folder, minutes, lease) = (Database(), Name(), Folder(), Minutes(), Lease());
        var command = new Command("worker", "Join a study that 'run' started, as another worker.")
        {
            database, name, folder, minutes, lease,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var store = StudyStore.Open(parsed.GetRequiredValue(database), create: false);
            return Task.FromResult(
                WorkAt(store, store.Find(parsed.GetRequiredValue(name)), parsed.GetRequiredValue(folder), parsed.GetValue(minutes),
                    parsed.GetValue(lease), terminal, cancellation));
        });
        return command;
    }

    /// <summary>Runs trials until the study is done, the time is up or it is stopped; prints the best trial.</summary>
    public static int WorkAt(
        StudyStore store, StudyDefinition study, string folder, double? minutes, double lease, Terminal terminal,
        CancellationToken cancellation)
    {
        if (!study.Notes.TryGetValue(StudyNotes.Data, out var data))
            throw new ExperimentException(
                $"The study '{study.Name}' was started from code and doesn't store where its data is; run it from there.");
        var reading = DataSource.Reading(
            study.Notes.TryGetValue(StudyNotes.SkipBadRows, out var skip) && bool.TryParse(skip, out var skips) && skips,
            study.Notes.GetValueOrDefault(StudyNotes.Labels), study.Notes.GetValueOrDefault(StudyNotes.Ignore)) with
        {
            CustomLabels = study.Notes.ContainsKey(StudyNotes.CustomLabels),
            VotesPath = study.Notes.GetValueOrDefault(StudyNotes.Votes),
            Annotation = AnnotationOf(study),
        };
        var dataset = DataSource.Open(data, reading, terminal);
        var recipe = TrialRecipe.Of(study, dataset, folder);
        var (mode, weight) = TrainingArguments.UsualVotes(reading);
        var runner = new TrainingTrialRunner(
            recipe with { Options = recipe.Options with { VotesMode = mode, VotesWeight = weight } });
        var worker = new StudyWorker(store, study.Name, runner, new StudyWorkerOptions
        {
            Lease = TimeSpan.FromSeconds(lease),
            Budget = minutes is { } time ? TimeSpan.FromMinutes(time) : null,
            Monitor = new Lines(terminal),
        });
        worker.Run(cancellation);
        if (StudyResult.BestOf(store.Trials(study.Name)) is not { } best)
            throw new ExperimentException($"No trial of '{study.Name}' has completed yet; 'ferml experiment show' says why.");
        terminal.Results.WriteLine(JsonSerializer.Serialize(Row(best), FerMlJson.Options));
        return ExitCode.Ok;
    }

    /// <exception cref="ExperimentException">The study names an unknown annotation.</exception>
    private static Annotation AnnotationOf(StudyDefinition study)
    {
        var name = study.Notes.GetValueOrDefault(StudyNotes.Annotation, nameof(Annotation.Fer2013));
        return Enum.TryParse<Annotation>(name, ignoreCase: true, out var annotation) && Enum.IsDefined(annotation) ? annotation
            : throw new ExperimentException(
                $"The study '{study.Name}' has the annotation '{PlainText.Clean(name)}'; this version of FerMl knows "
                    + $"{string.Join(" and ", Enum.GetNames<Annotation>()).ToLowerInvariant()}.");
    }

    /// <summary>Prints the result of each trial.</summary>
    private sealed class Lines(Terminal terminal) : IProgress<Trial>
    {
        public void Report(Trial value) => terminal.WriteLine(value.State == TrialState.Failed
            ? $"trial {value.Number}: failed: {value.Error}"
            : $"trial {value.Number}: {value.Score:F4} after {value.Epochs} epochs{(value.State == TrialState.Paused ? ", paused" : "")} "
                + $"({value.Configuration})");
    }
}
