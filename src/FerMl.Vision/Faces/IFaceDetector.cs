using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Finds faces in an image.</summary>
public interface IFaceDetector : IDisposable
{
    /// <summary>Finds the faces.</summary>
    /// <param name="gray">The image: one channel, 8 bits.</param>
    /// <returns>The faces; none overlaps another by much.</returns>
    IReadOnlyList<FoundFace> Detect(Mat gray);
}
