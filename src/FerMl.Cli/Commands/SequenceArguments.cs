using System.CommandLine;
using System.CommandLine.Parsing;
using FerMl.Training;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml train --sequences</c>: trains a network over the frames of clips.</summary>
internal sealed class SequenceArguments
{
    /// <summary>The options of face training that clip training shares.</summary>
    private static readonly string[] Shared =
        ["--data", "--skip-bad-rows", "--labels", "--ignore", "--out", "--overwrite", "--limit", "--epochs", "--batch-size",
            "--learning-rate", "--weight-decay", "--dropout", "--validation", "--seed"];

    private readonly Option<string?> _model = new("--sequences")
    {
        Description = "Train on clips instead: a BiLSTM over this model's features of their frames. --data is then a folder "
            + "of clips (train/happy/clip1/*.png, train/happy/clip2.mp4), 'synthetic' for drawn faces that move, or a file of single "
            + "faces, of which noisy clips are made.",
        HelpName = "zip|name",
    };
    private readonly Option<int> _frames = new Option<int>("--frames")
    {
        Description = "With --sequences: frames per clip.",
        DefaultValueFactory = _ => 16,
        HelpName = "n",
    }.Between(1, ClipDataCatalog.MaxFrames);

    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_frames);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_model) is null && result.GetResult(_frames) is { Implicit: false })
                result.AddError("--frames needs --sequences.");
            if (result.GetResult(_model) is null)
                return;
            foreach (var other in result.Children.OfType<OptionResult>().Where(
                other => !other.Implicit && other.Option != _model && other.Option != _frames && !Shared.Contains(other.Option.Name)))
                result.AddError($"{other.Option.Name} is for training on single faces; leave it out with --sequences.");
        });
    }

    /// <summary>Whether to train on clips.</summary>
    public bool IsChosen(ParseResult parsed) => parsed.GetValue(_model) is not null;

    /// <summary>Trains a clip model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The option with the clips.</param>
    /// <param name="limit">Maximum number of training clips, or null.</param>
    /// <param name="folder">The output folder.</param>
    /// <param name="overwrite">Whether an earlier run in the folder may be replaced.</param>
    /// <param name="terminal">Where to show progress.</param>
    /// <param name="cancellation">Stops the training.</param>
    public int Train(
        ParseResult parsed, DataSource data, int? limit, string folder, bool overwrite, Terminal terminal, CancellationToken cancellation)
    {
        var frames = parsed.GetValue(_frames);
        var model = ModelSource.Load(parsed.GetRequiredValue(_model)!);
        var clips = ClipSource.Open(data, parsed, frames, terminal, cancellation)
            .Where(clip => clip.Usage == Usage.Training && model.Labels.Contains(clip.Emotion.ToLabel()));
        var options = new SequenceTrainerOptions { CancellationToken = cancellation };
        options = options with
        {
            Epochs = Given("--epochs", options.Epochs),
            BatchSize = Given("--batch-size", options.BatchSize),
            LearningRate = Given("--learning-rate", options.LearningRate),
            WeightDecay = Given("--weight-decay", options.WeightDecay),
            Dropout = Given("--dropout", options.Dropout),
            ValidationFraction = Given("--validation", options.ValidationFraction),
            Seed = Given("--seed", options.Seed),
        };
        if (limit is { } count)
            clips = clips.Limit(count, options.Seed);
        var card = ProgressDisplay.Run(terminal, $"processing {clips.Clips.Count.Counted("clip")}", progress => SequenceRun.Execute(
            model, clips, folder, options with { ClipProgress = new FractionProgress(progress, clips.Clips.Count) }, frames, overwrite));
        RunManifest.Forget(folder);
        terminal.WriteLine(FormattableString.Invariant(
            $"{card.Training!.Epochs} epochs on {card.Data!.Count.Counted("clip")}; the best, {card.Training.BestEpoch}, classifies ")
            + (card.Training.ValidationAccuracy is { } accuracy ? FormattableString.Invariant($"{accuracy:P1} of those held out correctly.")
                : FormattableString.Invariant($"{card.Training.TrainingAccuracy:P1} of them correctly.")));
        terminal.Results.WriteLine(Path.Combine(folder, "model.zip"));
        return ExitCode.Ok;

        T Given<T>(string name, T usual) where T : struct => parsed.GetValue<T?>(name) ?? usual;
    }

    /// <summary>Prints the evaluation of a clip model.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="terminal">The output.</param>
    public static void Print(ClipEvaluation evaluation, Terminal terminal)
    {
        var table = new Table().AddColumn($"{evaluation.Sequence.Count.Counted("clip")}");
        foreach (var column in (string[])["accuracy", "95 % interval", "macro-F1", "log-loss", "ECE", "only this correct"])
            table.AddColumn(new TableColumn(column).RightAligned());
        Row("BiLSTM", evaluation.Sequence, evaluation.OnlySequence);
        Row("mean of scores", evaluation.Average, evaluation.OnlyAverage);
        terminal.Output.Write(table);

        void Row(string name, EmotionMetrics metrics, int only) => table.AddRow(
            name, $"{metrics.Accuracy:P1}", $"{metrics.AccuracyLow:P1} to {metrics.AccuracyHigh:P1}", $"{metrics.MacroF1:F3}",
            $"{metrics.LogLoss:F3}", $"{metrics.ExpectedCalibrationError:F3}", $"{only:N0}");
    }
}
