namespace FerMl.Vision;

/// <summary>Detects faces in an image.</summary>
public interface IFaceDetector : IDisposable
{
    /// <summary>Detects the faces.</summary>
    /// <param name="gray">The image.</param>
    /// <returns>The faces, without large overlaps.</returns>
    IReadOnlyList<FoundFace> Detect(GrayImage gray);

    /// <summary>Detects the faces in a frame of a video.</summary>
    /// <param name="gray">The frame.</param>
    /// <param name="known">Faces that were certain a moment ago: a detector may skip verifying them.</param>
    /// <returns>The faces, without large overlaps.</returns>
    IReadOnlyList<FoundFace> Detect(GrayImage gray, IReadOnlyList<FoundFace> known) => Detect(gray);

    /// <summary>The best crop around this detector's boxes (<c>ferml benchmark crop</c>). Default: as for a Haar cascade.</summary>
    FaceCrop Framing => new();
}
