using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using FerMl.Experiments;
using FerMl.Training;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml experiment</c>: studies that look for good training options.</summary>
internal static class ExperimentCommand
{
    public static Command Create(Terminal terminal) =>
        new("experiment", "Look for good training options, in studies that many workers may share.")
    {
        Run(terminal), Work(terminal), List(terminal), Show(terminal), Best(terminal), Export(terminal),
    };

    private static Command Run(Terminal terminal)
    {
        var data = new DataSource();
        var (database, name, folder) = (Database(), Name(), Folder());
        var search = new Option<string[]>("--search")
        {
            Description = "What is searched, once for each: LearningRate=0.01..0.2,log, Dropout=0..0.5, BatchSize=16..128, "
                + "Optimizer=sgd|adamw, Augmentation.Erasing=0..0.5.",
            Required = true,
            HelpName = "option=values",
        };
        var task = new TaskChoice();
        var preset = new Option<string>("--preset")
        {
            Description = $"The network and the options that aren't searched: {string.Join(", ", NetworkPreset.All.Select(p => p.Name))}.",
            DefaultValueFactory = _ => NetworkPreset.Fast.Name,
            HelpName = "name",
        };
        var limit = new Option<int?>("--limit")
        {
            Description = "The most training faces, drawn with the labels in proportion.",
            HelpName = "n",
        };
        var usual = new StudyDefinition { Name = "usual", Space = new SearchSpace() };
        var trials = new Option<int>("--trials")
        {
            Description = "The most trials.",
            DefaultValueFactory = _ => usual.MaxTrials,
            HelpName = "n",
        };
        var epochs = new Option<int>("--epochs")
        {
            Description = "Epochs of a trial that is trained to the end.",
            DefaultValueFactory = _ => usual.Epochs,
            HelpName = "n",
        };
        var first = new Option<int>("--first-epochs")
        {
            Description = "Epochs after which trials are first compared.",
            DefaultValueFactory = _ => usual.FirstEpochs,
            HelpName = "n",
        };
        var factor = new Option<int>("--factor")
        {
            Description = "One of so many trials continues at each comparison.",
            DefaultValueFactory = _ => usual.Factor,
            HelpName = "n",
        };
        var tuner = new Option<TunerKind>("--tuner") { Description = "How configurations are chosen.", HelpName = "tpe|random|grid" };
        var schedule = new Option<ScheduleKind>("--schedule")
        {
            Description = "How far trials are trained.",
            DefaultValueFactory = _ => usual.Schedule,
            HelpName = "none|successivehalving|hyperband",
        };
        var metric = new Option<StudyMetric>("--metric")
        {
            Description = "What is made as good as can be.",
            HelpName = "accuracy|macrof1|logloss",
        };
        var seeds = new Option<int>("--seeds")
        {
            Description = "Trainings of a trial, whose mean is its score.",
            DefaultValueFactory = _ => usual.Seeds,
            HelpName = "n",
        };
        var seed = new Option<int>("--seed") { Description = "Seed of all that is drawn at random.", HelpName = "n" };
        var (minutes, lease) = (Minutes(), Lease());
        var command = new Command("run", "Run a study, or resume it.")
        {
            database, name, folder, search, task.Option, preset, limit, trials, epochs, first, factor, tuner, schedule, metric, seeds, seed,
                minutes, lease,
        };
        data.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var space = parsed.GetRequiredValue(search).Select(SearchParameter.Parse)
                .Aggregate(new SearchSpace(), (space, parameter) => space.Add(parameter));
            var source = parsed.GetRequiredValue(data.Path);
            var notes = StudyNotes.Of(task.TextOf(parsed, data), parsed.GetRequiredValue(preset), parsed.GetValue(limit));
            notes[StudyNotes.Data] = source == SyntheticFaces.Name ? source : Path.GetFullPath(source);
            notes[StudyNotes.SkipBadRows] = parsed.GetValue(data.SkipBadRows).ToString();
            if (parsed.GetValue(data.CustomLabels))
            {
                if (parsed.GetValue(task.Option) is null)
                    throw new ValidationException("--custom-labels needs the labels in a study: --task glasses,none.");
                notes[StudyNotes.CustomLabels] = bool.TrueString;
            }
            (string, Option<string?>)[] labels = [(StudyNotes.Labels, data.Labels), (StudyNotes.Ignore, data.Ignore)];
            foreach (var (note, option) in labels)
                if (parsed.GetValue(option) is { } text)
                    notes[note] = text;
            var annotated = data.Reading(parsed);
            if (annotated.VotesPath is { } votes)
                notes[StudyNotes.Votes] = Path.GetFullPath(votes);
            if (annotated.Annotation != Annotation.Fer2013)
                notes[StudyNotes.Annotation] = annotated.Annotation.ToString();
            var study = new StudyDefinition
            {
                Name = parsed.GetRequiredValue(name),
                Space = space,
                Metric = parsed.GetValue(metric),
                Tuner = parsed.GetValue(tuner),
                Schedule = parsed.GetValue(schedule),
                MaxTrials = parsed.GetValue(trials),
                Epochs = parsed.GetValue(epochs),
                FirstEpochs = parsed.GetValue(first),
                Factor = parsed.GetValue(factor),
                Seeds = parsed.GetValue(seeds),
                Seed = parsed.GetValue(seed),
                Notes = notes,
            };
            study.Validate();
            // An option that doesn't exist is better said now than from every trial.
            study.Space.FromUnit([.. study.Space.Parameters.Select(_ => 0.5)])
                .ApplyTo(NetworkPreset.Find(parsed.GetRequiredValue(preset)).Defaults);
            var store = StudyStore.Open(parsed.GetRequiredValue(database));
            store.Begin(study);
            return Task.FromResult(
                WorkAt(store, study, parsed.GetRequiredValue(folder), parsed.GetValue(minutes), parsed.GetValue(lease), terminal,
                    cancellation));
        });
        return command;
    }

    private static Command Work(Terminal terminal)
    {
        var (database, name, folder, minutes, lease) = (Database(), Name(), Folder(), Minutes(), Lease());
        var command = new Command("worker", "Work at a study that was begun with 'run', beside other workers.")
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
                    .AddColumn(new TableColumn("to the end").RightAligned()).AddColumn(new TableColumn("best").RightAligned());
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
        var output = new Option<string?>("--out") { Description = "Where to copy its model to.", HelpName = "zip" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command("best", "Print the best trial that was trained to the end, and copy its model.")
        {
            database, name, folder, output, overwrite,
        };
        command.SetAction(parsed =>
        {
            var store = StudyStore.Open(parsed.GetRequiredValue(database), create: false);
            var study = store.Find(parsed.GetRequiredValue(name));
            var best = StudyResult.BestOf(store.Trials(study.Name))
                ?? throw new ExperimentException($"No trial of '{study.Name}' was trained to the end so far.");
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

    private static int WorkAt(
        StudyStore store, StudyDefinition study, string folder, double? minutes, double lease, Terminal terminal,
        CancellationToken cancellation)
    {
        if (!study.Notes.TryGetValue(StudyNotes.Data, out var data))
            throw new ExperimentException(
                $"The study '{study.Name}' was begun from code and doesn't say where its data are; work at it from there.");
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
            throw new ExperimentException($"No trial of '{study.Name}' was trained to the end so far; 'ferml experiment show' tells why.");
        terminal.Results.WriteLine(JsonSerializer.Serialize(Row(best), FerMlJson.Options));
        return ExitCode.Ok;
    }

    /// <exception cref="ExperimentException">The study names another annotation than there are.</exception>
    private static Annotation AnnotationOf(StudyDefinition study)
    {
        var name = study.Notes.GetValueOrDefault(StudyNotes.Annotation, nameof(Annotation.Fer2013));
        return Enum.TryParse<Annotation>(name, ignoreCase: true, out var annotation) && Enum.IsDefined(annotation) ? annotation
            : throw new ExperimentException(
                $"The study '{study.Name}' is of the annotation '{PlainText.Clean(name)}'; this version of FerMl knows "
                    + $"{string.Join(" and ", Enum.GetNames<Annotation>()).ToLowerInvariant()}.");
    }

    private static object Row(Trial trial) =>
        new
        {
            trial.Number,
            trial.State,
            trial.Score,
            trial.Epochs,
            trial.Attempts,
            Configuration = trial.Configuration.Values,
            trial.Scores,
            trial.Error
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Option<string> Database() => new("--study")
    {
        Description = "The study's database: a SQLite file, or a connection string of PostgreSQL (Host=...;Database=...).",
        DefaultValueFactory = _ => Path.Combine("artifacts", "runs", "studies", "study.db"),
        HelpName = "database",
    };

    private static Option<string> Name() => new("--name")
    {
        Description = "The study's name in the database.",
        DefaultValueFactory = _ => "study",
    };

    private static Option<string> Folder() => new("--folder")
    {
        Description = "Folder for the trials' models and checkpoints; workers of one study share it.",
        DefaultValueFactory = _ => Path.Combine("artifacts", "runs", "studies"),
        HelpName = "folder",
    };

    private static Option<double?> Minutes() => new("--minutes")
    {
        Description = "Time after which no further trial is begun.",
        HelpName = "n",
    };

    private static Option<double> Lease() => new("--lease")
    {
        Description = "Seconds for which a worker may be silent before its trial goes to another.",
        DefaultValueFactory = _ => new StudyWorkerOptions().Lease.TotalSeconds,
        HelpName = "s",
    };

    private static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    /// <summary>Says what each trial brought.</summary>
    private sealed class Lines(Terminal terminal) : IProgress<Trial>
    {
        public void Report(Trial value) => terminal.WriteLine(value.State == TrialState.Failed
            ? $"trial {value.Number}: failed: {value.Error}"
            : $"trial {value.Number}: {value.Score:F4} after {value.Epochs} epochs{(value.State == TrialState.Paused ? ", paused" : "")} "
                + $"({value.Configuration})");
    }
}
