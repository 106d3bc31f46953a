using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A video file.</summary>
internal sealed class VideoFileSource : IFrameSource
{
    private const double UsualRate = 25;

    private readonly VideoCapture _capture;
    private readonly string _path;
    private long _number;

    public VideoFileSource(string path)
    {
        (_path, Name) = (path, Path.GetFileName(path));
        _capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
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

    public Frame? Read()
    {
        var begun = Stopwatch.GetTimestamp();
        var image = new Mat();
        if (FrameSources.TryRead(_capture, image))
        {
            var time = TimeSpan.FromSeconds(_number / FramesPerSecond!.Value);
            return new Frame(image, _number++, time, Name, begun) { DecodeTime = Stopwatch.GetElapsedTime(begun) };
        }
        image.Dispose();
        if (_number == 0)
            throw new VisionException($"{_path}: a video without a frame that can be read; it is cut short or damaged.");
        // Some containers only estimate how many there are.
        if (FrameCount is { } count && count - _number > Math.Max(2, count / 50))
            throw new VisionException($"{_path}: it ends after {_number:N0} of {count:N0} frames; it is cut short or damaged.");
        return null;
    }

    public void Dispose() => _capture.Dispose();
}
