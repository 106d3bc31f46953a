using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>What a detector finds in an image, as its readers take it.</summary>
internal static class DetectedFaces
{
    /// <summary>The faces, from the largest to the smallest, without those that are wholly outside the image.</summary>
    /// <param name="detector">The detector. Those at the edge may have a box that begins beyond it.</param>
    /// <param name="gray">The image.</param>
    /// <param name="known">Faces that were certain a moment ago.</param>
    public static FoundFace[] Of(IFaceDetector detector, GrayImage gray, IReadOnlyList<FoundFace> known)
    {
        var whole = new Rect(0, 0, gray.Width, gray.Height);
        return [.. detector.Detect(gray, known).Where(face => (face.Box & whole) is { Width: > 0, Height: > 0 })
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
