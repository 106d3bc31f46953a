using System.Diagnostics;

namespace FerMl.Vision;

/// <summary>
/// A stream from the network: a camera with an address of its own, or a video that a server sends. The system's <c>ffmpeg</c> reads it. A
/// live stream that breaks off is opened again.
/// </summary>
internal sealed class StreamSource : IFrameSource
{
    private static readonly string[] Schemes = ["rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "tcp", "srt"];

    // Whoever has said nothing for so long is waited for no longer.
    private static readonly TimeSpan ToOpen = TimeSpan.FromSeconds(15), ToRead = TimeSpan.FromSeconds(10);

    // Waits before a live stream that broke off is opened again: half a minute in all.
    private static readonly TimeSpan[] Pauses = [.. ((int[])[1, 2, 4, 8, 15]).Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly string _address;
    private readonly (TimeSpan Open, TimeSpan Read) _patience;
    private readonly TimeSpan[] _pauses;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly NativeGate _gate = new(typeof(StreamSource));
    private readonly Stopwatch _watch = new();
    private readonly List<string> _problems = [];
    private FfmpegFrames _frames;
    private long _number;
    private volatile bool _isDisposed;

    public StreamSource(string address) : this(address, (ToOpen, ToRead), Pauses)
    {
    }

    /// <summary>Opens a stream, for tests with less patience.</summary>
    internal StreamSource(string address, (TimeSpan Open, TimeSpan Read) patience, TimeSpan[] pauses)
    {
        Name = WithoutCredentials(address);
        (_address, _patience, _pauses) = (address, patience, pauses);
        if (!Ffmpeg.IsInstalled)
            throw new VisionException(
                $"{Name}: streams from the network are read by the program ffmpeg, which is missing: {Ffmpeg.Remedy}.");
        _frames = Open();
        IsLive = !_frames.HasDuration;
        FramesPerSecond = _frames.FramesPerSecond;
    }

    public string Name { get; }
    public bool IsLive { get; }
    public bool IsContinuous => true;
    public double? FramesPerSecond { get; }
    public long? FrameCount => null;
    public IReadOnlyList<string> Problems => _problems;

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
        for (var attempt = 0; ; attempt++)
        {
            VisionException? failure = null;
            try
            {
                if (attempt > 0)
                    Reopen();
                if (_frames.Read(_patience.Read) is { } image)
                    return Next(image);
            }
            catch (VisionException e)
            {
                failure = e;
            }
            _cancellation.Token.ThrowIfCancellationRequested();
            if (!IsLive)
            {
                if (failure is not null)
                    throw failure;
                if (_number == 0)
                    throw _frames.Failure("gives no frame");
                if (!_frames.HasEndedWell)
                    _problems.Add(_frames.Failure($"broke off after {_number.Grouped()} frames").Message);
                return null;
            }
            if (attempt == _pauses.Length)
                throw new VisionException(
                    $"{Name} broke off after {_number.Grouped()} frames and couldn't be opened again: "
                        + $"{failure?.Message ?? "it ends at once"}");
            if (attempt == 0)
                _problems.Add($"{Name} broke off after {_number.Grouped()} frames{(failure is null ? "" : " (no frame came)")}.");
            if (_cancellation.Token.WaitHandle.WaitOne(_pauses[attempt]))
                throw new OperationCanceledException(_cancellation.Token);
        }
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        if (!_isDisposed)
            _cancellation.Cancel();
    }

    public void Dispose()
    {
        Cancel();
        _gate.Close(() =>
        {
            _isDisposed = true;
            _frames.Dispose();
            _cancellation.Dispose();
        });
    }

    private Frame Next(OpenCvSharp.Mat image)
    {
        _watch.Start();
        var time = IsLive || FramesPerSecond is not { } rate ? _watch.Elapsed : TimeSpan.FromSeconds(_number / rate);
        return new Frame(image, _number++, time, Name, Stopwatch.GetTimestamp());
    }

    private void Reopen()
    {
        var next = Open();
        _frames.Dispose();
        _frames = next;
    }

    private FfmpegFrames Open()
    {
        var scheme = _address[.._address.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant();
        var isHttp = scheme is "http" or "https";
        string[] input = [.. scheme is "rtsp" or "rtsps" ? (string[])["-rtsp_flags", "prefer_tcp"] : [],
            .. isHttp ? (string[])[] : ["-fflags", "nobuffer"]];
        // What a server names, such as a playlist, is no file of this machine.
        string[] network = ["-protocol_whitelist", "http,https,httpproxy,tcp,tls,crypto,rtp,srtp,rtsp,rtsps,rtmp,rtmps,rtmpt,udp,srt"];
        // Live frames come when they come; a file's are evenly spaced, so that their number tells their time.
        string[] output = isHttp ? [] : ["-vsync", "passthrough"];
        return new FfmpegFrames(_address, ([.. network, .. input], output), Name, _patience.Open, _cancellation.Token);
    }
}
