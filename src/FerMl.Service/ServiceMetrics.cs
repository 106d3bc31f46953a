using System.Diagnostics.Metrics;

namespace FerMl.Service;

/// <summary>The service's metrics for <c>/metrics</c>. They hold nothing about a person.</summary>
internal sealed class ServiceMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "FerMl.Service";

    /// <summary>Kinds of images.</summary>
    public const string Photo = "photo", Face = "face", Live = "live";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _faces;
    private readonly Counter<long> _dropped;
    private readonly UpDownCounter<int> _viewers;
    private readonly Histogram<double> _duration;

    public ServiceMetrics()
    {
        _faces = _meter.CreateCounter<long>("ferml.faces", "{face}", "Classified faces.");
        _dropped = _meter.CreateCounter<long>("ferml.frames.dropped", "{frame}", "Dropped frames of live video.");
        _viewers = _meter.CreateUpDownCounter<int>("ferml.viewers", "{viewer}", "Connected viewers of live video.");
        _duration = _meter.CreateHistogram("ferml.image.duration", "s", "Time from an image's arrival to its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5] });
        BatchSize = _meter.CreateHistogram("ferml.batch.size", "{face}", "Faces per batch.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32] });
    }

    /// <summary>Number of faces per batch.</summary>
    public Histogram<int> BatchSize { get; }

    /// <summary>Number of live sessions.</summary>
    public int Viewers => _watching;

    private int _watching;

    public void Record(string kind, int faces, TimeSpan took)
    {
        _faces.Add(faces, new KeyValuePair<string, object?>("kind", kind));
        _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }

    public void FrameDropped() => _dropped.Add(1);

    /// <summary>Counts a live session, unless the maximum is reached.</summary>
    public bool TryAddViewer(int maxViewers)
    {
        if (Interlocked.Increment(ref _watching) <= maxViewers)
        {
            _viewers.Add(1);
            return true;
        }
        Interlocked.Decrement(ref _watching);
        return false;
    }

    public void RemoveViewer()
    {
        Interlocked.Decrement(ref _watching);
        _viewers.Add(-1);
    }

    public void Dispose() => _meter.Dispose();
}
