using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Reads the emotions of all faces in photos, and draws them. Safe for several threads: each that reads at a time has a detector of its
/// own.
/// </summary>
public sealed class PhotoReader : IDisposable
{
    private readonly Pool<OwnedReader> _readers;

    /// <summary>Makes a reader. The predictor stays the caller's.</summary>
    /// <param name="createDetector">Makes a detector, which the reader owns; called once here and again for each further thread.</param>
    /// <param name="predictor">The model.</param>
    public PhotoReader(Func<IFaceDetector> createDetector, IEmotionPredictor predictor)
    {
        ArgumentNullException.ThrowIfNull(createDetector);
        ArgumentNullException.ThrowIfNull(predictor);
        _readers = new Pool<OwnedReader>(() => new OwnedReader(createDetector(), predictor));
    }

    /// <summary>Makes a reader that finds faces with FerMl's own network.</summary>
    /// <param name="predictor">The model, which stays the caller's.</param>
    /// <param name="options">How faces are looked for.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">There is no such network.</exception>
    public PhotoReader(IEmotionPredictor predictor, CnnDetectorOptions? options = null)
        : this(() => new CnnFaceDetector(options), predictor)
    {
    }

    /// <summary>Finds the faces of a photo.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="drawing">The PNG file to draw them in, or null for none.</param>
    /// <param name="overwrite">Whether that file may be replaced.</param>
    /// <returns>The faces, from the largest to the smallest, numbered from 1.</returns>
    /// <exception cref="VisionException">It is missing, no image, damaged or too large.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed of.</exception>
    /// <exception cref="IOException">The drawing is there already and may not be replaced, or can't be written.</exception>
    /// <example>
    /// <code>
    /// using var predictor = EmotionPredictor.LoadDefault();
    /// using var photos = new PhotoReader(predictor);
    /// foreach (var face in photos.Read("photo.png", drawing: "drawn.png"))
    ///     Console.WriteLine($"{face.Box}: {face.Prediction}");
    /// </code>
    /// </example>
    public IReadOnlyList<FaceResult> Read(string path, string? drawing = null, bool overwrite = false)
    {
        using var photo = Photo.Read(path);
        var faces = Read(photo, path).Faces;
        if (drawing is null)
            return faces;
        FaceOverlay.Draw(photo, faces, withBars: true);
        if (!Cv2.ImEncode(".png", photo, out var png))
            throw new VisionException($"{drawing}: the image can't be written as PNG.");
        AtomicFile.Write(drawing, stream => stream.Write(png), overwrite);
        return faces;
    }

    /// <summary>Finds the faces of a photo that is in memory.</summary>
    /// <param name="photo">Blue, green, red, or gray; 8 bits each. It stays the caller's, and is not changed.</param>
    /// <param name="name">What to call it in results and messages.</param>
    /// <returns>Its size and the faces, from the largest to the smallest, numbered from 1.</returns>
    /// <exception cref="VisionException">It is empty, too large, or of another kind.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed of.</exception>
    public FrameResult Read(Mat photo, string name = "photo")
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        FrameSources.CheckSize(photo.Width, photo.Height, name);
        // A frame owns its image; this one shares the photo's pixels.
        using var frame = new Frame(
            photo.SubMat(new Rect(0, 0, photo.Width, photo.Height)), 0, TimeSpan.Zero, name, Stopwatch.GetTimestamp());
        var seen = _readers.Use(one => one.Reader.ReadPhoto(frame));
        return seen with { Faces = [.. seen.Faces.Select((face, i) => face with { Id = i + 1 })] };
    }

    /// <summary>Frees the detectors; those of calls under way when these end.</summary>
    public void Dispose() => _readers.Dispose();

    /// <summary>A reader with a detector of its own.</summary>
    private sealed class OwnedReader(IFaceDetector detector, IEmotionPredictor predictor) : IDisposable
    {
        // What the detector takes for a face is one: there is no other frame to see it better in.
        public FaceReader Reader { get; } = new(detector, predictor, new TrackingOptions { NewFaceScore = 0 });

        public void Dispose()
        {
            Reader.Dispose();
            detector.Dispose();
        }
    }
}
