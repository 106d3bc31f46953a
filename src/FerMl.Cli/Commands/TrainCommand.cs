using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary>
/// <c>ferml train</c>: trains a model and writes it with its history and model card, or resumes an interrupted training.
/// </summary>
internal static class TrainCommand
{
    /// <summary>Warning for a fitted temperature at its bound, which doesn't calibrate the model.</summary>
    public const string ClampedWarning =
        "the temperature reached its bound, so the model isn't calibrated: it was trained too little, or fitted on its training faces.";

    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var training = new TrainingArguments();
        var sequences = new SequenceArguments();
        var output = new Option<string?>("--out")
        {
            Description = "Folder for model.zip, card.json, history.jsonl, TensorBoard events and checkpoints.",
            HelpName = "folder",
        };
        var resume = new Option<string?>("--resume")
        {
            Description = "Resume the training in this folder, with its own options.",
            HelpName = "folder",
        };
        var task = new TaskChoice();
        var limit = new Option<int?>("--limit")
        {
            Description = "Maximum number of training faces, stratified by label.",
            HelpName = "n",
        }.AtLeast(1);
        var keep = new Option<bool>("--keep-without-majority")
        {
            Description = "With --annotation ferplus: train on the faces without a majority, too, labeled with what most annotators saw.",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an earlier run in the folder." };
        var command = new Command("train", "Train a model on FER2013, FER+ or synthetic faces.")
        {
            output, resume, task.Option, keep, limit, overwrite,
        };
        data.AddTo(command, isRequired: false);
        training.AddTo(command);
        sequences.AddTo(command);
        command.Options.Add(new HelpOption { Action = new GroupedHelp(new HelpAction(), TrainingArguments.Groups) });
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) is not null)
            {
                foreach (var other in result.Children.OfType<OptionResult>().Where(other => !other.Implicit && other.Option != resume))
                    result.AddError($"--resume uses the run's own options; leave out {other.Option.Name}. "
                        + "To train a finished run further, start another with --initialize-from and the run's folder.");
                return;
            }
            if (result.GetValue(keep) && result.GetValue(data.Annotation) != Annotation.FerPlus)
                result.AddError("--keep-without-majority goes with --annotation ferplus.");
            foreach (var option in (Option[])[data.Path, output])
                if (result.GetResult(option) is null)
                    result.AddError($"Option '{option.Name}' is required.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(resume) ?? parsed.GetValue(output)!;
            if (sequences.IsChosen(parsed))
                return Task.FromResult(sequences.Train(
                    parsed, data, parsed.GetValue(limit), folder, parsed.GetValue(overwrite), terminal, cancellation));
            var isResumed = parsed.GetValue(resume) is not null;
            if (isResumed)
                parsed = command.Parse(RunManifest.Read(folder));
            var reading = data.Reading(parsed) with { KeepWithoutMajority = parsed.GetValue(keep) };
            var options = training.Options(parsed, reading);
            options = options with
            {
                Execution = options.Execution with { KeepBestOnCancel = true, CancellationToken = cancellation, Resume = isResumed },
            };
            var dataset = data.Open(parsed, reading, terminal);
            var emotions = task.Of(parsed, data, dataset);
            foreach (var remark in LabelCoverage.OfTraining(dataset, emotions, options.ValidationFraction > 0))
                terminal.WriteLine(remark);
            var run = TrainingProgress.Show(terminal, options, watched => TrainingRun.Execute(new TrainingRunOptions
            {
                Dataset = dataset,
                Task = emotions,
                Preset = training.Preset(parsed),
                Training = watched,
                Limit = parsed.GetValue(limit),
                OutputFolder = folder,
                Overwrite = parsed.GetValue(overwrite),
                Started = () => RunManifest.Write(
                    folder, parsed.Tokens.Select(token => token.Value), "--data", "--votes", "--teacher", "--teacher-views",
                    "--initialize-from"),
            }));
            terminal.WriteLine($"trained in {run.Card.Precision} on {run.Card.Device}.");
            if (run.Card.Calibration is { IsClamped: true })
                terminal.WriteLine(ClampedWarning);
            if (cancellation.IsCancellationRequested)
                terminal.WriteLine($"stopped after {run.History.Count} of {options.Epochs} epochs; the best of them is kept. Resume with: "
                    + $"ferml train --resume {folder}");
            terminal.Results.WriteLine(run.ModelPath);
            return Task.FromResult(cancellation.IsCancellationRequested ? ExitCode.Failed : ExitCode.Ok);
        });
        return command;
    }
}
