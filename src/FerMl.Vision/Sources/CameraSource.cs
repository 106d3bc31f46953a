using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A camera, by its number.</summary>
internal sealed class CameraSource : IFrameSource
{
    // The resolution that the cascade is tuned for, which every camera supports.
    private const int Width = 640;
    private const int Height = 480;

    private readonly VideoCapture _capture;
    private readonly DisposeGuard _gate = new(typeof(CameraSource));
    private readonly Stopwatch _watch = new();
    private long _number;

    public CameraSource(int index)
    {
        Name = $"camera {index}";
        _capture = new VideoCapture(index);
        if (!_capture.IsOpened())
        {
            _capture.Dispose();
            throw new VisionException(
                $"{Name} can't be opened: it doesn't exist, another program uses it, or this user lacks permission"
                    + $"{(OperatingSystem.IsLinux() ? " ('ls -l /dev/video*' lists cameras)" : "")}. Give another number, or a "
                    + "video file.");
        }
        _capture.Set(VideoCaptureProperties.FrameWidth, Width);
        _capture.Set(VideoCaptureProperties.FrameHeight, Height);
        FramesPerSecond = _capture.Fps is > 0 and < 1000 and var rate ? rate : null;
    }

    public string Name { get; }
    public bool IsLive => true;
    public bool IsContinuous => true;
    public double? FramesPerSecond { get; }
    public long? FrameCount => null;

    public Frame? Read()
    {
        using var guard = _gate.Enter();
        var image = new Mat();
        if (!FrameSources.TryRead(_capture, image))
        {
            image.Dispose();
            throw new VisionException(
                $"{Name} stopped after {_number.Counted("frame")}: it was unplugged, or another program uses it.");
        }
        _watch.Start();
        return new Frame(image, _number++, _watch.Elapsed, Name, Stopwatch.GetTimestamp());
    }

    public void Dispose() => _gate.Close(_capture.Dispose);
}
