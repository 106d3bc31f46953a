using System.Diagnostics;
using FerMl.Vision;
using OpenCvSharp;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary>Shows a video's results in the terminal: a live table of faces on a terminal, otherwise a line every few seconds.</summary>
internal sealed class HeadlessView : IVideoView
{
    private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    private readonly Terminal _terminal;
    private readonly LiveDisplayContext? _live;
    private readonly Table _table;
    private readonly Stopwatch _since = Stopwatch.StartNew();

    private HeadlessView(Terminal terminal, Table table, LiveDisplayContext? live) => (_terminal, _table, _live) = (terminal, table, live);

    public bool ShowsFrames => false;

    /// <summary>Runs an action that reports to the view.</summary>
    public static void Run(Terminal terminal, Action<IVideoView> run)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("face").AddColumn("emotion")
            .AddColumn(new TableColumn("confidence").RightAligned()).AddColumn("x, y, width, height").Caption("starting");
        if (!terminal.IsLive)
            run(new HeadlessView(terminal, table, null));
        else
            terminal.Error.Live(table).AutoClear(true).Start(context => run(new HeadlessView(terminal, table, context)));
    }

    public bool Show(Mat image, FrameResult result, VideoSession session)
    {
        if (_since.Elapsed < (_live is null ? BetweenLines : BetweenRefreshes))
            return true;
        _since.Restart();
        var speed = $"{result.Time:h\\:mm\\:ss}, frame {result.Number:N0}: {session.Speed.RecentFramesPerSecond:N0} frames/s, "
            + $"{session.Speed.FrameAge.TotalMilliseconds:N0} ms latency, {session.Dropped:N0} dropped";
        if (_live is null)
        {
            _terminal.WriteLine(
                $"{speed}; {(result.Faces.Count == 0 ? "no face" : string.Join(", ", result.Faces.Select(face =>
                    $"face {face.Id} {face.Prediction}")))}");
            return true;
        }
        _table.Rows.Clear();
        foreach (var face in result.Faces)
            _table.AddRow($"{face.Id}", face.Prediction.Label.Shown(), $"{face.Prediction.Confidence:P0}",
                $"{face.Box.X}, {face.Box.Y}, {face.Box.Width}, {face.Box.Height}");
        _table.Caption($"{speed}. Ctrl+C ends it.");
        _live.Refresh();
        return true;
    }

    public bool Idle(VideoSession session) => true;

    public void Dispose()
    {
    }
}
