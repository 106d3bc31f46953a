using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Detects and crops faces for the readers.</summary>
internal static class DetectedFaces
{
    /// <summary>The faces, the largest first, without those entirely outside the image.</summary>
    /// <param name="detector">The detector. Boxes at the edge may extend beyond the image.</param>
    /// <param name="gray">The image.</param>
    /// <param name="known">Faces that were certain a moment ago.</param>
    public static FoundFace[] Of(IFaceDetector detector, GrayImage gray, IReadOnlyList<FoundFace> known)
    {
        var bounds = new Rect(0, 0, gray.Width, gray.Height);
        return [.. detector.Detect(gray, known).Where(face => (face.Box & bounds) is { Width: > 0, Height: > 0 })
            .OrderByDescending(face => face.Box.Width).ThenBy(face => face.Box.X).ThenBy(face => face.Box.Y)];
    }

    /// <summary>The crop of a face: 2,304 pixel values.</summary>
    public static byte[] Crop(GrayImage gray, FoundFace found, FaceCrop crop)
    {
        var face = new byte[FaceResampler.PixelCount];
        crop.Crop(gray, found.Box, face, found.Roll);
        return face;
    }
}
