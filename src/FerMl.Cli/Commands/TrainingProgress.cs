using System.Diagnostics;
using FerMl.Training;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary>Shows a training: a line an epoch, and between them a bar on a terminal, a line now and then elsewhere.</summary>
internal static class TrainingProgress
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(20);

    public static T Show<T>(Terminal terminal, EmotionTrainerOptions options, Func<EmotionTrainerOptions, T> train)
    {
        var epochs = new Epochs(terminal, options.Epochs);
        if (!terminal.IsLive)
            return train(options with { EpochProgress = epochs, StepProgress = new Lines(terminal) });
        return terminal.Error.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask("getting ready");
            task.IsIndeterminate = true;
            return train(options with { EpochProgress = epochs, StepProgress = new Bar(task, options.Epochs) });
        });
    }

    private sealed class Epochs(Terminal terminal, int count) : IProgress<EpochReport>
    {
        private bool _hasHeader;

        public void Report(EpochReport value)
        {
            if (!_hasHeader)
                Line("epoch", "loss", "accuracy", "val. loss", "val. accuracy", "images/s", "time", "");
            _hasHeader = true;
            Line($"{value.Epoch}/{count}", $"{value.TrainingLoss:F4}", $"{value.TrainingAccuracy:P1}", $"{value.ValidationLoss:F4}", $"{value.ValidationAccuracy:P1}",
                $"{value.ImagesPerSecond:N0}", $"{TimeSpan.FromSeconds(value.Seconds):h\\:mm\\:ss}", value.IsBest ? "best" : "");
        }

        private void Line(string epoch, string loss, string accuracy, string validationLoss, string validationAccuracy, string speed, string time, string note) =>
            terminal.Error.WriteLine($"{epoch,11} {loss,7} {accuracy,9} {validationLoss,10} {validationAccuracy,14} {speed,9} {time,8}  {note}".TrimEnd());
    }

    private sealed class Bar(ProgressTask task, int epochs) : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            task.IsIndeterminate = false;
            task.Description = $"epoch {value.Epoch} of {epochs}, loss {value.Loss:F4}";
            task.MaxValue = value.Steps;
            task.Value = value.Step;
        }
    }

    private sealed class Lines(Terminal terminal) : IProgress<StepReport>
    {
        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

        public void Report(StepReport value)
        {
            if (_sinceLine.Elapsed < BetweenLines)
                return;
            _sinceLine.Restart();
            terminal.Say($"epoch {value.Epoch}: step {value.Step:N0} of {value.Steps:N0}, loss {value.Loss:F4}");
        }
    }
}
