using System.Diagnostics;

namespace FerMl.Vision;

/// <summary>
/// Measures the speed of processing a video: frames per second, end-to-end latency, and the latency of each stage. Not thread-safe.
/// </summary>
public sealed class VideoSpeed
{
    private readonly LatencyStatistics _age = new();
    private readonly LatencyStatistics _decode = new();
    private readonly LatencyStatistics _detect = new();
    private readonly LatencyStatistics _classify = new();
    private readonly LatencyStatistics _draw = new();
    private readonly Queue<long> _recent = [];
    private long _first;
    private long _last;

    /// <summary>Frames processed.</summary>
    public long Frames => _age.Count;

    /// <summary>Mean frames per second from the first frame to the last; NaN for fewer than two frames.</summary>
    public double FramesPerSecond => Frames > 1 ? (Frames - 1) / Stopwatch.GetElapsedTime(_first, _last).TotalSeconds : double.NaN;

    /// <summary>Frames per second over about the last second; 0 for fewer than two frames.</summary>
    public double RecentFramesPerSecond =>
        _recent.Count > 1 ? (_recent.Count - 1) / Stopwatch.GetElapsedTime(_recent.Peek(), _last).TotalSeconds : 0;

    /// <summary>End-to-end latency of the newest frame: from its capture, or from the start of its decoding.</summary>
    public TimeSpan FrameAge { get; private set; }

    /// <summary>End-to-end latency, as percentiles in milliseconds.</summary>
    public StageLatency Total => StageLatency.Of(_age);

    /// <summary>Latency of each stage: decode, detect, classify, draw. The rest of the total is time in queues.</summary>
    public IReadOnlyDictionary<string, StageLatency> Stages => new Dictionary<string, StageLatency>
    {
        ["decode"] = StageLatency.Of(_decode),
        ["detect"] = StageLatency.Of(_detect),
        ["classify"] = StageLatency.Of(_classify),
        ["draw"] = StageLatency.Of(_draw),
    };

    /// <summary>Adds a processed frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="result">Its result.</param>
    /// <param name="draw">Time to draw, show and write it.</param>
    public void Add(Frame frame, FrameResult result, TimeSpan draw)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        _last = Stopwatch.GetTimestamp();
        if (Frames == 0)
            _first = _last;
        _recent.Enqueue(_last);
        while (_recent.Count > 2 && Stopwatch.GetElapsedTime(_recent.Peek(), _last) > TimeSpan.FromSeconds(1))
            _recent.Dequeue();
        FrameAge = Stopwatch.GetElapsedTime(frame.CapturedAt, _last);
        _age.Add(FrameAge);
        _decode.Add(result.Decode);
        _detect.Add(result.Detect);
        _classify.Add(result.Classify);
        _draw.Add(draw);
    }
}
