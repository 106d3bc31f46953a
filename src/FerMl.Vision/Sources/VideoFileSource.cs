using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A video file that OpenCV can read. The system's <c>ffmpeg</c> reads others, such as AV1.</summary>
internal sealed class VideoFileSource : IFrameSource
{
    private const double UsualRate = 25;

    private readonly VideoCapture _capture;
    private readonly DisposeGuard _gate = new(typeof(VideoFileSource));
    private readonly List<string> _problems = [];
    private TimeSpan _begin;
    private TimeSpan _last;
    private readonly string _path;
    private long _number;

    private Mat? _first;
    private TimeSpan _firstTook;

    private VideoFileSource(string path, VideoCapture capture)
    {
        (_path, _capture, Name) = (path, capture, Path.GetFileName(path));
        FramesPerSecond = _capture.Fps is > 0 and < 1000 and var rate ? rate : UsualRate;
        FrameCount = _capture.FrameCount is > 0 and var count ? count : null;
    }

    /// <summary>Opens a video.</summary>
    /// <returns>The video, or null where OpenCV can't read its first frame.</returns>
    /// <exception cref="VisionException">Its frames are too large.</exception>
    public static VideoFileSource? TryOpen(string path)
    {
        // A full path: FFmpeg takes what is before a colon for a protocol.
        var capture = new VideoCapture(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG);
        var first = new Mat();
        try
        {
            if (capture.IsOpened())
            {
                // Checked before the first frame is decoded.
                FrameSources.CheckSize(capture.FrameWidth, capture.FrameHeight, path);
                var begun = Stopwatch.GetTimestamp();
                if (FrameSources.TryRead(capture, first))
                    return new VideoFileSource(path, capture)
                    {
                        _first = first,
                        _firstTook = Stopwatch.GetElapsedTime(begun),
                    };
            }
        }
        catch
        {
            first.Dispose();
            capture.Dispose();
            throw;
        }
        first.Dispose();
        capture.Dispose();
        return null;
    }

    public string Name { get; }
    public bool IsLive => false;
    public bool IsContinuous => true;
    public double? FramesPerSecond { get; }
    public long? FrameCount { get; }

    public IReadOnlyList<string> Problems => _problems;

    public Frame? Read()
    {
        using var guard = _gate.Enter();
        var begun = Stopwatch.GetTimestamp();
        if (_first is { } first)
        {
            _first = null;
            _last = TimeOf(_number);
            return new Frame(first, _number++, _last, Name, begun) { DecodeTime = _firstTook };
        }
        var image = new Mat();
        if (FrameSources.TryRead(_capture, image))
        {
            _last = TimeOf(_number);
            return new Frame(image, _number++, _last, Name, begun) { DecodeTime = Stopwatch.GetElapsedTime(begun) };
        }
        image.Dispose();
        // Many containers only estimate the frame count: after lossless trimming, or where the sound outlasts the picture.
        if (_problems.Count == 0 && FrameCount is { } count && count - _number > Math.Max(2, count / 50))
            _problems.Add(
                $"{_path}: its frames end after {_number.Grouped()} of {count.Grouped()}; unless it was trimmed, it is cut short.");
        return null;
    }

    /// <summary>
    /// The file's timestamp of the last frame read, since frames needn't be evenly spaced. Without one, even spacing is assumed.
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

    public void Dispose() => _gate.Close(() =>
    {
        _first?.Dispose();
        _capture.Dispose();
    });
}
