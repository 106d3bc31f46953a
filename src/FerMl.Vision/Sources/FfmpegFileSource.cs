using System.Diagnostics;

namespace FerMl.Vision;

/// <summary>A video file that OpenCV can't read, such as AV1, as the system's <c>ffmpeg</c> reads it.</summary>
internal sealed class FfmpegFileSource : IFrameSource
{
    private const double UsualRate = 25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly NativeGate _gate = new(typeof(FfmpegFileSource));
    private readonly FfmpegFrames _frames;
    private readonly List<string> _problems = [];
    private long _number;
    private volatile bool _isDisposed;

    /// <summary>Opens a video.</summary>
    /// <exception cref="VisionException">There is no ffmpeg, or it can't read the file either.</exception>
    public FfmpegFileSource(string path)
    {
        Name = Path.GetFileName(path);
        _frames = new FfmpegFrames(
            Path.GetFullPath(path), (["-protocol_whitelist", "file,crypto"], []), path, Patience, _cancellation.Token);
    }

    public string Name { get; }
    public bool IsLive => false;
    public bool IsContinuous => true;
    public double? FramesPerSecond => _frames.FramesPerSecond ?? UsualRate;
    public long? FrameCount => null;
    public IReadOnlyList<string> Problems => _problems;

    public Frame? Read()
    {
        using var turn = _gate.Enter();
        var begun = Stopwatch.GetTimestamp();
        if (_frames.Read(Patience) is { } image)
            return new Frame(image, _number, TimeSpan.FromSeconds(_number++ / FramesPerSecond!.Value), Name, begun)
            {
                DecodeTime = Stopwatch.GetElapsedTime(begun),
            };
        _cancellation.Token.ThrowIfCancellationRequested();
        if (_number == 0)
            throw _frames.Failure("has no frame that can be read");
        if (!_frames.HasEndedWell)
            _problems.Add(_frames.Failure($"ends early, after {_number.Grouped()} frames").Message);
        return null;
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
}
