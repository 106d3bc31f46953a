using System.Diagnostics;
using FerMl.Training;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary>
/// Shows training progress: on a terminal a live table of the latest epochs and the current one; otherwise a line per epoch and
/// occasional lines in between.
/// </summary>
internal static class TrainingProgress
{
    public static T Show<T>(Terminal terminal, EmotionTrainerOptions options, Func<EmotionTrainerOptions, T> train)
    {
        if (!terminal.IsLive)
        {
            var lines = new Lines(terminal, options.Epochs);
            return train(options with { Execution = options.Execution with { EpochProgress = lines, StepProgress = lines } });
        }
        var view = new LiveTable(options.Epochs);
        return terminal.Error.Live(view.Table).AutoClear(false).Start(context =>
        {
            view.Refresh = context.Refresh;
            context.Refresh();
            return train(options with { Execution = options.Execution with { EpochProgress = view, StepProgress = view } });
        });
    }

    private static string[] Header { get; } = ["epoch", "loss", "accuracy", "val. loss", "val. accuracy", "lr", "images/s", "time", ""];

    private static string[] Cells(EpochReport report, int epochs) =>
    [
        $"{report.Epoch}/{epochs}", $"{report.TrainingLoss:F4}", $"{report.TrainingAccuracy:P1}", $"{report.ValidationLoss:F4}",
        $"{report.ValidationAccuracy:P1}",
        $"{report.LearningRate:G3}", $"{report.ImagesPerSecond:N0}", Time(report.Seconds), report.IsBest ? "best" : "",
    ];

    private static string Time(double seconds) => $"{TimeSpan.FromSeconds(seconds):h\\:mm\\:ss}";

    /// <summary>Tracks whether the training has reduced its threads to one.</summary>
    private sealed class Threads
    {
        private int _most, _now;

        /// <summary>Appended to the progress.</summary>
        public string Remark => _now < _most ? ", on one thread, since other programs keep the processors busy" : "";

        /// <returns>Whether the number of threads has changed.</returns>
        public bool Take(StepReport report)
        {
            var isChange = report.Threads != _now;
            (_now, _most) = (report.Threads, Math.Max(_most, report.Threads));
            return isChange;
        }
    }

    private sealed class LiveTable : IProgress<EpochReport>, IProgress<StepReport>
    {
        private const int ShownEpochs = 12;
        private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromSeconds(0.25);

        private readonly int _epochs;
        private readonly Threads _threads = new();
        private readonly Queue<string[]> _done = [];
        private readonly Stopwatch _sinceRefresh = Stopwatch.StartNew();

        public LiveTable(int epochs)
        {
            _epochs = epochs;
            foreach (var name in Header)
                Table.AddColumn(new TableColumn(name).RightAligned());
            Table.Caption("starting");
        }

        public Table Table { get; } = new Table().Border(TableBorder.Rounded);

        public Action Refresh { get; set; } = () => { };

        public void Report(EpochReport value)
        {
            _done.Enqueue(Cells(value, _epochs));
            if (_done.Count > ShownEpochs)
                _done.Dequeue();
            Table.Caption($"{value.Epoch} of {_epochs} epochs done");
            Draw(null);
        }

        public void Report(StepReport value)
        {
            if (_sinceRefresh.Elapsed < BetweenRefreshes)
                return;
            _threads.Take(value);
            Table.Caption(
                $"step {value.Step:N0} of {value.Steps:N0}, {Time(value.SecondsLeft)} left for all epochs{_threads.Remark}");
            Draw([$"{value.Epoch}/{_epochs}", $"{value.Loss:F4}", $"{value.Accuracy:P1}", "", "", $"{value.LearningRate:G3}",
                $"{value.ImagesPerSecond:N0}", "", "…"]);
        }

        private void Draw(string[]? underWay)
        {
            Table.Rows.Clear();
            foreach (var row in underWay is null ? _done : _done.Append(underWay))
                Table.AddRow(row);
            _sinceRefresh.Restart();
            Refresh();
        }
    }

    private sealed class Lines(Terminal terminal, int epochs) : IProgress<EpochReport>, IProgress<StepReport>
    {
        private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(20);

        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
        private readonly Threads _threads = new();
        private bool _hasHeader;

        public void Report(EpochReport value)
        {
            if (!_hasHeader)
                Line(Header);
            _hasHeader = true;
            Line(Cells(value, epochs));
        }

        public void Report(StepReport value)
        {
            if (_threads.Take(value) && _threads.Remark.Length > 0)
                terminal.WriteLine($"epoch {value.Epoch}: step {value.Step:N0} of {value.Steps:N0}{_threads.Remark}");
            if (_sinceLine.Elapsed < BetweenLines)
                return;
            _sinceLine.Restart();
            terminal.WriteLine($"epoch {value.Epoch}: step {value.Step:N0} of {value.Steps:N0}, loss {value.Loss:F4}, accuracy "
                + $"{value.Accuracy:P1}, {value.ImagesPerSecond:N0} images/s, {Time(value.SecondsLeft)} left");
        }

        private void Line(string[] cells) =>
            terminal.Error.WriteLine(
                $"{cells[0],11} {cells[1],7} {cells[2],9} {cells[3],10} {cells[4],14} {cells[5],9} {cells[6],9} {cells[7],8}  "
                    + $"{cells[8]}".TrimEnd());
    }
}
