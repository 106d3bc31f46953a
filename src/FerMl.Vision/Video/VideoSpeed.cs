using System.Diagnostics;

namespace FerMl.Vision;

/// <summary>
/// How fast a video is being read: frames per second, their age when they were done with, and the time of each stage. For one thread at a
/// time.
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

    /// <summary>Frames done with.</summary>
    public long Frames => _age.Count;

    /// <summary>Frames a second over all, from the first to the last; NaN before the second.</summary>
    public double FramesPerSecond => Frames > 1 ? (Frames - 1) / Stopwatch.GetElapsedTime(_first, _last).TotalSeconds : double.NaN;

    /// <summary>Frames a second of late: over the last second or so; 0 before the second frame.</summary>
    public double RecentFramesPerSecond =>
        _recent.Count > 1 ? (_recent.Count - 1) / Stopwatch.GetElapsedTime(_recent.Peek(), _last).TotalSeconds : 0;

    /// <summary>Age of the newest frame when it was done with: from its capture, or from when its decoding began.</summary>
    public TimeSpan FrameAge { get; private set; }

    /// <summary>From capture to the end, percentiles in milliseconds.</summary>
    public StageLatency Total => StageLatency.Of(_age);

    /// <summary>Of each stage: decode, detect, classify, draw. The rest of the total is waiting for one another.</summary>
    public IReadOnlyDictionary<string, StageLatency> Stages => new Dictionary<string, StageLatency>
    {
        ["decode"] = StageLatency.Of(_decode),
        ["detect"] = StageLatency.Of(_detect),
        ["classify"] = StageLatency.Of(_classify),
        ["draw"] = StageLatency.Of(_draw),
    };

    /// <summary>A frame is done with.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="seen">What was found in it.</param>
    /// <param name="draw">Time to draw, show and write it.</param>
    public void Add(Frame frame, FrameResult seen, TimeSpan draw)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(seen);
        _last = Stopwatch.GetTimestamp();
        if (Frames == 0)
            _first = _last;
        _recent.Enqueue(_last);
        while (_recent.Count > 2 && Stopwatch.GetElapsedTime(_recent.Peek(), _last) > TimeSpan.FromSeconds(1))
            _recent.Dequeue();
        FrameAge = Stopwatch.GetElapsedTime(frame.CapturedAt, _last);
        _age.Add(FrameAge);
        _decode.Add(seen.Decode);
        _detect.Add(seen.Detect);
        _classify.Add(seen.Classify);
        _draw.Add(draw);
    }
}
