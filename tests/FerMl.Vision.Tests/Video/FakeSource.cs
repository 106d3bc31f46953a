using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

/// <summary>A source of gray frames that records them, to check that each is disposed of; it can be live, and fail.</summary>
internal sealed class FakeSource(
    int count, bool isLive = false, double? framesPerSecond = null, int failAfter = int.MaxValue,
    int millisecondsBetween = 0, bool isContinuous = true) : IFrameSource
{
    private int _next;

    public List<Mat> Given { get; } = [];

    public string Name => "fake";
    public bool IsLive => isLive;
    public bool IsContinuous => isContinuous;
    public double? FramesPerSecond => framesPerSecond;
    public long? FrameCount => count;

    public Frame? Read()
    {
        if (millisecondsBetween > 0)
            new ManualResetEventSlim().Wait(millisecondsBetween);
        if (_next >= failAfter)
            throw new VisionException("fake gives no more frames: it was unplugged.");
        if (_next >= count)
            return null;
        var image = new Mat(48, 64, MatType.CV_8UC3, new Scalar(40, 80, 120));
        Given.Add(image);
        return new Frame(image, _next, TimeSpan.FromSeconds(_next++ / (FramesPerSecond ?? 25)), Name, Stopwatch.GetTimestamp());
    }

    public void Dispose()
    {
    }
}
