namespace FerMl.Vision;

/// <summary>Finds faces in an image.</summary>
public interface IFaceDetector : IDisposable
{
    /// <summary>Finds the faces.</summary>
    /// <param name="gray">The image.</param>
    /// <returns>The faces; none overlaps another by much.</returns>
    IReadOnlyList<FoundFace> Detect(GrayImage gray);

    /// <summary>Finds the faces of a frame in a video.</summary>
    /// <param name="gray">The frame.</param>
    /// <param name="known">Faces that were certain a moment ago: a detector may spare itself verifying that they are still faces.</param>
    /// <returns>The faces; none overlaps another by much.</returns>
    IReadOnlyList<FoundFace> Detect(GrayImage gray, IReadOnlyList<FoundFace> known) => Detect(gray);

    /// <summary>How a face is best cut out about this detector's boxes (<c>ferml benchmark crop</c>). Default: as about a Haar
    /// cascade's.</summary>
    FaceCrop Framing => new();
}
