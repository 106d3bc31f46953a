using FerMl.Benchmarking;
using System.CommandLine;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml reproduce</c>: repeats the paper's experiments and adds the figures it doesn't report.</summary>
internal static class ReproduceCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var output = new Option<string>("--out")
        {
            Description = "Folder for the trainings, the figures and the report; re-run to resume an interrupted reproduction.",
            Required = true,
            HelpName = "folder",
        };
        var only = new Option<string[]>("--experiment")
        {
            Description = $"One of {string.Join(", ", PaperExperiment.All.Select(e => e.Name))}; may be repeated [default: all].",
            HelpName = "name",
            DefaultValueFactory = _ => [],
        };
        only.AcceptOnlyFromAmong([.. PaperExperiment.All.Select(e => e.Name)]);
        var epochs = new Option<int?>("--epochs")
        {
            Description = "Maximum number of epochs of each, instead of the paper's 100.",
            HelpName = "n",
        }.Between(1, 10_000);
        var limit = new Option<int?>("--limit")
        {
            Description = "Maximum number of training faces, stratified by label.",
            HelpName = "n",
        }.AtLeast(1);
        var seed = new Option<int>("--seed") { Description = "Random seed.", HelpName = "n" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Restart from scratch instead of resuming." };
        var command = new Command(
            "reproduce", "Reproduce the paper's experiments, and report accuracy and loss on training, validation and test faces.")
        {
            output, only, epochs, limit, seed, overwrite,
        };
        data.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(output);
            var names = parsed.GetRequiredValue(only);
            var dataset = data.Open(parsed, terminal);
            foreach (var experiment in PaperExperiment.All.Where(experiment => names.Length == 0 || names.Contains(experiment.Name)))
            {
                terminal.WriteLine($"{experiment.Title} ({experiment.Name})");
                var training = experiment.Options with
                {
                    Seed = parsed.GetValue(seed),
                    Epochs = Math.Min(parsed.GetValue(epochs) ?? int.MaxValue, experiment.Options.Epochs),
                    Execution = new() { CancellationToken = cancellation },
                };
                var run = Path.Combine(folder, experiment.Name);
                var result = TrainingProgress.Show(terminal, training, options => PaperReproduction.Run(experiment, new TrainingRunOptions
                {
                    Dataset = dataset,
                    Training = options,
                    Limit = parsed.GetValue(limit),
                    OutputFolder = run,
                    Overwrite = parsed.GetValue(overwrite),
                }));
                ReproductionReport.Write(run, experiment, result, dataset, cancellation);
            }
            terminal.WriteLine($"report: {ReproductionReport.WriteAll(folder, dataset.Source)}");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
