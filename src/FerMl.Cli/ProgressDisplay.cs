using System.Diagnostics;
using Spectre.Console;

namespace FerMl.Cli;

/// <summary>Shows the progress of an operation: a bar on a terminal, otherwise occasional lines.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan BeforeFirstLine = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <param name="terminal">Where to show it.</param>
    /// <param name="title">The operation, such as "reading fer2013.csv".</param>
    /// <param name="work">The operation, which reports the completed fraction, 0..1, from any thread.</param>
    public static T Run<T>(Terminal terminal, string title, Func<IProgress<double>, T> work) => terminal.IsLive
        ? terminal.Error.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask(title.Shown(), maxValue: 1);
            return work(new Bar(task));
        })
        : work(new Lines(terminal, title));

    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }

    private sealed class Lines(Terminal terminal, string title) : IProgress<double>
    {
        private readonly Lock _lock = new();
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private TimeSpan _next = BeforeFirstLine;

        public void Report(double value)
        {
            lock (_lock)
            {
                if (_watch.Elapsed < _next)
                    return;
                _next = _watch.Elapsed + BetweenLines;
                terminal.WriteLine($"{title}: {value:0 %}");
            }
        }
    }
}
