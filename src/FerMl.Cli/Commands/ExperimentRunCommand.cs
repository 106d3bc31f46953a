using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Experiments;
using FerMl.Training;
using static FerMl.Cli.Commands.StudyArguments;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml experiment run</c>: starts or resumes a study.</summary>
internal static class ExperimentRunCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var (database, name, folder) = (Database(), Name(), Folder());
        var search = new Option<string[]>("--search")
        {
            Description = "A hyperparameter and its values, may be given several times: LearningRate=0.01..0.2,log, Dropout=0..0.5, "
                + "BatchSize=16..128, Optimizer=sgd|adamw, Augmentation.Erasing=0..0.5.",
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
            Description = "Maximum number of training faces, stratified by label.",
            HelpName = "n",
        };
        var usual = new StudyDefinition { Name = "usual", Space = new SearchSpace() };
        var trials = Number("--trials", "Maximum number of trials.", usual.MaxTrials);
        var epochs = Number("--epochs", "Maximum number of epochs of a trial.", usual.Epochs);
        var first = Number("--first-epochs", "Epochs of the first rung.", usual.FirstEpochs);
        var factor = Number("--factor", "Reduction factor: one of so many trials continues at each rung.", usual.Factor);
        var tuner = new Option<TunerKind>("--tuner") { Description = "How configurations are chosen." }.Choices(TunerKind.Custom);
        var schedule = new Option<ScheduleKind>("--schedule")
        {
            Description = "How the epoch budget of trials is spent.",
            DefaultValueFactory = _ => usual.Schedule,
        }.Choices();
        var metric = new Option<StudyMetric>("--metric") { Description = "The metric to optimize." }.Choices();
        var seeds = Number("--seeds", "Trainings per trial; their mean is its score.", usual.Seeds);
        var seed = new Option<int>("--seed") { Description = "Random seed.", HelpName = "n" };
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
                    throw new ValidationException("In a study --custom-labels needs --task, such as --task glasses,none.");
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
            // Apply a sample configuration, so that an unknown option fails now and not in every trial.
            study.Space.FromUnit([.. study.Space.Parameters.Select(_ => 0.5)])
                .ApplyTo(NetworkPreset.Find(parsed.GetRequiredValue(preset)).Defaults);
            var store = StudyStore.Open(parsed.GetRequiredValue(database));
            store.Begin(study);
            return Task.FromResult(
                ExperimentWorkerCommand.WorkAt(
                    store, study, parsed.GetRequiredValue(folder), parsed.GetValue(minutes), parsed.GetValue(lease), terminal,
                    cancellation));
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int usual) =>
        new(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "n" };
}
