using System.Diagnostics;

namespace FerMl.Vision;

/// <summary>
/// Reads with the system's <c>ffmpeg</c>: a network stream, such as an IP camera or a video on a server, or a video file that OpenCV can't
/// read, such as AV1. A live stream that breaks off is reopened.
/// </summary>
internal sealed class FfmpegSource : IFrameSource
{
    private const double UsualRate = 25;

    private static readonly string[] Schemes = ["rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "tcp", "srt"];

    // Timeouts of an input that sends nothing.
    private static readonly TimeSpan ToOpen = TimeSpan.FromSeconds(15), ToRead = TimeSpan.FromSeconds(10),
        ToReadFile = TimeSpan.FromSeconds(60);

    // Delays before each attempt to reopen a live stream: half a minute in all.
    private static readonly TimeSpan[] Pauses = [.. ((int[])[1, 2, 4, 8, 15]).Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly string _input;
    private readonly (TimeSpan Open, TimeSpan Read) _patience;
    private readonly TimeSpan[] _pauses;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly DisposeGuard _gate = new(typeof(FfmpegSource));
    private readonly Stopwatch _watch = new();
    private readonly List<string> _problems = [];
    private FfmpegFrames _frames;
    private long _number;
    private volatile bool _isDisposed;

    /// <summary>Opens a stream.</summary>
    /// <exception cref="VisionException">ffmpeg isn't installed, or the stream can't be opened.</exception>
    public FfmpegSource(string address) : this(address, (ToOpen, ToRead), Pauses)
    {
    }

    /// <summary>Opens a stream with other timeouts, for tests.</summary>
    internal FfmpegSource(string address, (TimeSpan Open, TimeSpan Read) patience, TimeSpan[] pauses)
        : this(address, WithoutCredentials(address), patience, pauses)
    {
        IsLive = !_frames.HasDuration;
    }

    private FfmpegSource(string input, string name, (TimeSpan Open, TimeSpan Read) patience, TimeSpan[] pauses)
    {
        (_input, Name, _patience, _pauses) = (input, name, patience, pauses);
        if (!Ffmpeg.IsInstalled)
            throw new VisionException($"{Name}: reading it needs the program ffmpeg: {Ffmpeg.Remedy}.");
        _frames = Open();
        FramesPerSecond = _frames.FramesPerSecond;
    }

    /// <summary>Opens a video file.</summary>
    /// <exception cref="VisionException">ffmpeg isn't installed, or can't read the file either.</exception>
    public static FfmpegSource OfFile(string path) =>
        new(Path.GetFullPath(path), Path.GetFileName(path), (ToReadFile, ToReadFile), []);

    public string Name { get; }
    public bool IsLive { get; }
    public bool IsContinuous => true;
    public double? FramesPerSecond { get; }
    public long? FrameCount => null;
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Whether a text is the URL of a stream rather than a path.</summary>
    public static bool IsAddress(string source) =>
        source.Split("://", 2) is [var scheme, { Length: > 0 }] && Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase);

    /// <summary>A URL without user name, password and query, safe to show.</summary>
    public static string WithoutCredentials(string address)
    {
        var begin = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var host = address.AsSpan(begin);
        // The last @: a password may contain one, too.
        var end = host.IndexOfAny('/', '?', '#') is >= 0 and var path ? path : host.Length;
        var at = host[..end].LastIndexOf('@');
        if (at < 0)
            at = host.LastIndexOf('@');
        var shown = string.Concat(address.AsSpan(0, begin), host[(at + 1)..]);
        // The query may contain keys.
        return shown.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? shown[..query] : shown;
    }

    public Frame? Read()
    {
        using var guard = _gate.Enter();
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
                    throw _frames.Failure("has no frames");
                if (!_frames.HasEndedWell)
                    _problems.Add(_frames.Failure($"broke off after {_number.Counted("frame")}").Message);
                return null;
            }
            if (attempt == _pauses.Length)
                throw new VisionException(
                    $"{Name} broke off after {_number.Counted("frame")} and couldn't be reopened: "
                        + $"{failure?.Message ?? "it has no frames"}");
            if (attempt == 0)
                _problems.Add($"{Name} broke off after {_number.Counted("frame")}{(failure is null ? "" : " (no frame came)")}.");
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
        var time = IsLive ? _watch.Elapsed : TimeSpan.FromSeconds(_number / (FramesPerSecond ?? UsualRate));
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
        var scheme = IsAddress(_input) ? _input[.._input.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant() : null;
        var isEvenlySpaced = scheme is null or "http" or "https";
        // What a server refers to, such as in a playlist, must not be a file of this machine.
        var protocols = scheme is null ? "file,crypto" : "http,https,httpproxy,tcp,tls,crypto,rtp,srtp,rtsp,rtsps,rtmp,rtmps,rtmpt,udp,srt";
        string[] input = ["-protocol_whitelist", protocols, .. scheme is "rtsp" or "rtsps" ? (string[])["-rtsp_flags", "prefer_tcp"] : [],
            .. isEvenlySpaced ? (string[])[] : ["-fflags", "nobuffer"]];
        // Live frames come at irregular intervals; a file's are made evenly spaced, so that their number gives their time.
        return new FfmpegFrames(
            _input, (input, isEvenlySpaced ? [] : ["-vsync", "passthrough"]), Name, _patience.Open, _cancellation.Token);
    }
}
