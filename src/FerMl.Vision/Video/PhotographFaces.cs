using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Finds the faces in photographs, names their emotions, and draws them. For one thread at a time.</summary>
public sealed class PhotographFaces : IDisposable
{
    private readonly HaarFaceDetector _detector;
    private readonly FaceReader _reader;

    /// <summary>Prepares to find faces. The predictor stays the caller's.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">There is no cascade.</exception>
    public PhotographFaces(HaarOptions? options, EmotionPredictor predictor)
    {
        _detector = new HaarFaceDetector(options);
        _reader = new FaceReader(_detector, predictor);
    }

    /// <summary>Finds the faces of a photograph.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="drawing">The PNG file to draw them in, or null for none.</param>
    /// <param name="overwrite">Whether that file may be replaced.</param>
    /// <returns>The faces, from the largest to the smallest, numbered from 1.</returns>
    /// <exception cref="VisionException">It is missing, no image, damaged or too large.</exception>
    /// <exception cref="IOException">The drawing is there already and may not be replaced, or can't be written.</exception>
    public IReadOnlyList<SeenFace> Find(string path, string? drawing = null, bool overwrite = false)
    {
        using var frame = new Frame(Photograph.Read(path), 0, TimeSpan.Zero, path, Stopwatch.GetTimestamp());
        SeenFace[] faces = [.. _reader.ReadScene(frame).Faces.Select((face, i) => face with { Id = i + 1 })];
        if (drawing is null)
            return faces;
        FaceOverlay.Draw(frame.Image, faces, withBars: true);
        if (!Cv2.ImEncode(".png", frame.Image, out var png))
            throw new VisionException($"{drawing}: the picture can't be written as PNG.");
        AtomicFile.Write(drawing, stream => stream.Write(png), overwrite);
        return faces;
    }

    /// <summary>Frees the detector.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _detector.Dispose();
    }
}
