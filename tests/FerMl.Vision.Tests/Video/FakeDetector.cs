using OpenCvSharp;

namespace FerMl.Vision.Tests;

/// <summary>A detector that finds the same face each time, as slowly as wanted.</summary>
internal sealed class FakeDetector(int milliseconds = 0) : IFaceDetector
{
    public IReadOnlyList<FoundFace> Detect(Mat gray)
    {
        if (milliseconds > 0)
            new ManualResetEventSlim().Wait(milliseconds);
        return [new FoundFace(new Rect(8, 8, 24, 24))];
    }

    public void Dispose()
    {
    }
}
