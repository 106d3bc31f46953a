using OpenCvSharp;

namespace FerMl.Vision.Tests;

/// <summary>A detector that returns the given faces after a delay.</summary>
internal sealed class FakeDetector(int milliseconds = 0) : IFaceDetector
{
    public IReadOnlyList<FoundFace> Faces { get; set; } = [new FoundFace(new Rect(8, 8, 24, 24))];

    public IReadOnlyList<FoundFace> Detect(GrayImage gray)
    {
        if (milliseconds > 0)
            new ManualResetEventSlim().Wait(milliseconds);
        return Faces;
    }

    public void Dispose()
    {
    }
}
