using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A video file.</summary>
internal sealed class VideoFileSource : IFrameSource
{
    private const double UsualRate = 25;

    private readonly VideoCapture _capture;
    private readonly NativeGate _gate = new(typeof(VideoFileSource));
    private readonly List<string> _problems = [];
    private TimeSpan _begin;
    private TimeSpan _last;
    private readonly string _path;
    private long _number;

    public VideoFileSource(string path)
    {
        (_path, Name) = (path, Path.GetFileName(path));
        // In full: FFmpeg takes what stands before a colon for a protocol.
        _capture = new VideoCapture(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG);
        try
        {
            if (!_capture.IsOpened())
                throw new VisionException($"{path}: not a video that can be read; it is of another kind, cut short or damaged.");
            // Before the first frame is decoded.
            FrameSources.CheckSize(_capture.FrameWidth, _capture.FrameHeight, path);
            FramesPerSecond = _capture.Fps is > 0 and < 1000 and var rate ? rate : UsualRate;
            FrameCount = _capture.FrameCount is > 0 and var count ? count : null;
        }
        catch
        {
            _capture.Dispose();
            throw;
        }
    }

    public string Name { get; }
    public bool IsLive => false;
    public bool IsContinuous => true;
    public double? FramesPerSecond { get; }
    public long? FrameCount { get; }

    public IReadOnlyList<string> Problems => _problems;

    public Frame? Read()
    {
        using var turn = _gate.Enter();
        var begun = Stopwatch.GetTimestamp();
        var image = new Mat();
        if (FrameSources.TryRead(_capture, image))
        {
            _last = TimeOf(_number);
            return new Frame(image, _number++, _last, Name, begun) { DecodeTime = Stopwatch.GetElapsedTime(begun) };
        }
        image.Dispose();
        if (_number == 0)
            throw new VisionException($"{_path}: a video without a frame that can be read; it is cut short or damaged.");
        // Many containers only estimate how many there are: trimmed without a loss, or with sound that outlasts the picture.
        if (_problems.Count == 0 && FrameCount is { } count && count - _number > Math.Max(2, count / 50))
            _problems.Add(
                $"{_path}: its frames end after {_number.Grouped()}, where the file announces {count.Grouped()}; unless it was trimmed, "
                    + $"it is cut short.");
        return null;
    }

    /// <summary>
    /// The file's own timestamp of the frame that was read last: frames needn't be equally far apart. Where a file has none, they are.
    /// </summary>
    private TimeSpan TimeOf(long number)
    {
        var milliseconds = _capture.Get(VideoCaptureProperties.PosMsec);
        var stamp = milliseconds is >= 0 and < 1e12 ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.Zero;
        if (number == 0)
        {
            _begin = stamp;
            return TimeSpan.Zero;
        }
        var time = stamp - _begin;
        return time > _last ? time : _last + TimeSpan.FromSeconds(1 / FramesPerSecond!.Value);
    }

    public void Dispose() => _gate.Close(_capture.Dispose);
}
