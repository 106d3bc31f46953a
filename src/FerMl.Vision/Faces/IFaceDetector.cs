using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Finds faces in an image.</summary>
public interface IFaceDetector : IDisposable
{
    /// <summary>Finds the faces.</summary>
    /// <param name="gray">The image: one channel, 8 bits.</param>
    /// <returns>A square about each face from brows to chin, in pixels; none overlaps another by much. Those at the edge may reach beyond
    /// it.</returns>
    IReadOnlyList<Rect> Detect(Mat gray);
}
