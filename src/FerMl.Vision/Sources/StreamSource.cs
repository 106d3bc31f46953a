using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A stream from the network: a camera with an address of its own, or a video that a server sends.</summary>
internal sealed class StreamSource : IFrameSource
{
    private static readonly string[] Schemes = ["rtsp", "rtsps", "rtmp", "http", "https", "udp", "tcp", "srt"];

    private readonly VideoCapture _capture;
    private readonly NativeGate _gate = new(typeof(StreamSource));
    private readonly Stopwatch _watch = new();
    private long _number;

    public StreamSource(string address)
    {
        Name = WithoutCredentials(address);
        _capture = new VideoCapture(address, VideoCaptureAPIs.FFMPEG);
        try
        {
            if (!_capture.IsOpened())
                throw new VisionException(
                    $"{Name}: the stream can't be opened: there is no such server or stream, it asks for a name and password "
                        + $"(rtsp://name:password@...), or it is of a kind that can't be read.");
            FrameSources.CheckSize(_capture.FrameWidth, _capture.FrameHeight, Name);
            FramesPerSecond = _capture.Fps is > 0 and < 1000 and var rate ? rate : null;
        }
        catch
        {
            _capture.Dispose();
            throw;
        }
    }

    public string Name { get; }
    public bool IsLive => true;
    public bool IsContinuous => true;
    public double? FramesPerSecond { get; }
    public long? FrameCount => null;

    /// <summary>Whether a text is the address of a stream and no path.</summary>
    public static bool IsAddress(string source) =>
        source.Split("://", 2) is [var scheme, { Length: > 0 }] && Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase);

    /// <summary>An address as it may be shown: who may open it is nobody else's to know.</summary>
    public static string WithoutCredentials(string address)
    {
        var begin = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var host = address.AsSpan(begin);
        // The last of them: a password may have one, too.
        var end = host.IndexOfAny('/', '?', '#') is >= 0 and var path ? path : host.Length;
        var at = host[..end].LastIndexOf('@');
        if (at < 0)
            at = host.LastIndexOf('@');
        var shown = string.Concat(address.AsSpan(0, begin), host[(at + 1)..]);
        // What follows a question mark is where servers take keys.
        return shown.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? shown[..query] : shown;
    }

    public Frame? Read()
    {
        using var turn = _gate.Enter();
        var image = new Mat();
        if (!FrameSources.TryRead(_capture, image))
        {
            image.Dispose();
            return _number > 0 ? null : throw new VisionException($"{Name}: the stream gives no frame that can be read.");
        }
        _watch.Start();
        return new Frame(image, _number++, _watch.Elapsed, Name, Stopwatch.GetTimestamp());
    }

    public void Dispose() => _gate.Close(_capture.Dispose);
}
