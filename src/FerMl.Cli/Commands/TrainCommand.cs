using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml train</c>: trains a model and writes it with its history and card.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var task = new Option<string>("--task") { Description = "The emotions to tell apart: seven, three (happy, sad, neutral), or a list such as happy,sad,anger.", DefaultValueFactory = _ => "seven" };
        var preset = new Option<string>("--preset") { Description = $"The network and its defaults: {string.Join(", ", NetworkPreset.All.Select(p => p.Name))}.", DefaultValueFactory = _ => NetworkPreset.PaperCnnBiLstm.Name };
        var output = new Option<string>("--out") { Description = "Folder for model.zip, history.jsonl and card.json.", Required = true, HelpName = "folder" };
        var epochs = Number<int>("--epochs", "The most passes over the training faces (1 to 10000).");
        var batchSize = Number<int>("--batch-size", "Faces in a step (1 to 4096).");
        var learningRate = Number<double>("--learning-rate", "Step size of Adam (above 0, at most 10).");
        var dropout = Number<double>("--dropout", "Dropout rate (0 up to but not 1).");
        var validation = Number<double>("--validation", "Share of the training faces kept apart to choose the best epoch by (0 to 0.9).");
        var earlyStopping = Number<int>("--early-stopping", "Epochs without a better validation accuracy after which training stops (0: never).");
        var seed = Number<int>("--seed", "Seed of weights, split, order and dropout.");
        var limit = Number<int>("--limit", "The most training faces, drawn with the labels in proportion.");
        var threads = Number<int>("--threads", "Processor threads (0: all).");
        var flip = new Option<bool>("--flip-average") { Description = "Let the model score the mean of a face and its mirror image: more accurate, half as fast." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an earlier run in the folder." };
        var command = new Command("train", "Train a model on FER2013 or drawn faces.")
        {
            task, preset, output, epochs, batchSize, learningRate, dropout, validation, earlyStopping, seed, limit, threads, flip, overwrite,
        };
        data.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var chosen = NetworkPreset.Find(parsed.GetRequiredValue(preset));
            var defaults = chosen.Defaults;
            if (parsed.GetValue(limit) is < 1)
                throw new ArgumentException("--limit is at least 1.");
            var options = defaults with
            {
                Epochs = parsed.GetValue(epochs) ?? defaults.Epochs,
                BatchSize = parsed.GetValue(batchSize) ?? defaults.BatchSize,
                LearningRate = parsed.GetValue(learningRate) ?? defaults.LearningRate,
                Dropout = parsed.GetValue(dropout) ?? defaults.Dropout,
                ValidationFraction = parsed.GetValue(validation) ?? defaults.ValidationFraction,
                EarlyStoppingPatience = parsed.GetValue(earlyStopping) ?? defaults.EarlyStoppingPatience,
                Seed = parsed.GetValue(seed) ?? defaults.Seed,
                Threads = parsed.GetValue(threads) ?? defaults.Threads,
                FlipAverage = parsed.GetValue(flip),
                KeepBestOnCancel = true,
                CancellationToken = cancellation,
            };
            Validate(options);
            var emotions = EmotionTask.Parse(parsed.GetRequiredValue(task));
            var dataset = data.Open(parsed, terminal);
            var run = TrainingProgress.Show(terminal, options, watched => TrainingRun.Execute(new TrainingRunOptions
            {
                Dataset = dataset,
                Task = emotions,
                Preset = chosen,
                Training = watched,
                Limit = parsed.GetValue(limit),
                OutputFolder = parsed.GetRequiredValue(output),
                Overwrite = parsed.GetValue(overwrite),
            }));
            if (cancellation.IsCancellationRequested)
                terminal.Say($"stopped after {run.History.Count} of {options.Epochs} epochs; the best of them is kept.");
            terminal.Results.WriteLine(run.ModelPath);
            return Task.FromResult(cancellation.IsCancellationRequested ? ExitCode.Failed : ExitCode.Ok);
        });
        return command;
    }

    private static Option<T?> Number<T>(string name, string description) where T : struct => new(name) { Description = description, HelpName = "n" };

    private static void Validate(EmotionTrainerOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ValidationException e)
        {
            // The person gave an option, so the message names that and not the property behind it.
            var property = e.Message.Split(' ')[0];
            var option = property switch
            {
                nameof(EmotionTrainerOptions.BatchSize) => "--batch-size",
                nameof(EmotionTrainerOptions.LearningRate) => "--learning-rate",
                nameof(EmotionTrainerOptions.ValidationFraction) => "--validation",
                nameof(EmotionTrainerOptions.EarlyStoppingPatience) => "--early-stopping",
                _ => $"--{property.ToLowerInvariant()}",
            };
            throw new ValidationException(option + e.Message[property.Length..], e);
        }
    }
}
