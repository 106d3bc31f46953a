using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Recognizes the emotions of all faces in photos, and draws them. Thread-safe: each concurrent call uses its own detector.
/// </summary>
public sealed class PhotoReader : IDisposable
{
    private readonly IEmotionPredictor _predictor;
    private readonly Pool<IFaceDetector> _detectors;

    /// <summary>Creates a reader. It doesn't dispose of the predictor.</summary>
    /// <param name="createDetector">Creates a detector that the reader owns; called here, and for each further concurrent call.</param>
    /// <param name="predictor">The model.</param>
    public PhotoReader(Func<IFaceDetector> createDetector, IEmotionPredictor predictor)
    {
        ArgumentNullException.ThrowIfNull(createDetector);
        ArgumentNullException.ThrowIfNull(predictor);
        (_predictor, _detectors) = (predictor, new Pool<IFaceDetector>(createDetector));
    }

    /// <summary>Creates a reader that detects faces with FerMl's own networks.</summary>
    /// <param name="predictor">The model; it isn't disposed of.</param>
    /// <param name="options">How faces are detected.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">The detector's file is missing or invalid.</exception>
    public PhotoReader(IEmotionPredictor predictor, CnnDetectorOptions? options = null)
        : this(() => new CnnFaceDetector(options), predictor)
    {
    }

    /// <summary>Recognizes the faces in a photo. Needs OpenCV only to draw them.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="drawing">The PNG file to draw the faces in, or null for none.</param>
    /// <param name="overwrite">Whether the drawing may be replaced if it exists.</param>
    /// <returns>The faces, the largest first, with IDs from 1.</returns>
    /// <exception cref="VisionException">The file is missing, isn't an image, is damaged or too large.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed of.</exception>
    /// <exception cref="IOException">The drawing exists and may not be replaced, or can't be written.</exception>
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
        var encoded = Photo.ReadEncoded(path);
        var faces = Read(encoded, path).Faces;
        if (drawing is null)
            return faces;
        using var photo = Photo.Decode(encoded, path);
        FaceOverlay.Draw(photo, faces, withBars: true);
        if (!Cv2.ImEncode(".png", photo, out var png))
            throw new VisionException($"{drawing}: the image can't be written as PNG.");
        AtomicFile.Write(drawing, stream => stream.Write(png), overwrite);
        return faces;
    }

    /// <summary>Recognizes the faces in an encoded photo, such as the body of a request. Doesn't need OpenCV.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image.</param>
    /// <param name="name">The name to use in results and messages.</param>
    /// <param name="maxPixels">The maximum number of pixels; an image that announces more isn't decoded.</param>
    /// <returns>The photo's size and faces, the largest first, with IDs from 1.</returns>
    /// <exception cref="VisionException">It isn't an image, is damaged or too large.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed of.</exception>
    public FrameResult Read(ReadOnlySpan<byte> encoded, string name = "photo", int maxPixels = FrameSources.MaxPixels)
    {
        var begun = Stopwatch.GetTimestamp();
        var gray = Photo.DecodeGray(encoded, name, maxPixels);
        return Read(gray, name, Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Recognizes the faces in a gray photo. Doesn't need OpenCV.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="name">The name to use in results and messages.</param>
    /// <returns>The photo's size and faces, the largest first, with IDs from 1.</returns>
    /// <exception cref="VisionException">The photo is empty or too large.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed of.</exception>
    public FrameResult Read(GrayImage photo, string name = "photo") => Read(photo, name, TimeSpan.Zero);

    private FrameResult Read(GrayImage gray, string name, TimeSpan decoding)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        FrameSources.CheckSize(gray.Width, gray.Height, name);
        GrayRegions.RequirePixels(gray);
        var begun = Stopwatch.GetTimestamp();
        var (found, images) = _detectors.Use(detector =>
        {
            var faces = DetectedFaces.Of(detector, gray, []);
            return (faces, Array.ConvertAll(faces, face => new GrayImage(
                DetectedFaces.Crop(gray, face, detector.Framing), FaceResampler.Side, FaceResampler.Side)));
        });
        var detected = Stopwatch.GetTimestamp();
        var predictions = images.Length == 0 ? [] : _predictor.Predict(images);
        var bounds = new Rect(0, 0, gray.Width, gray.Height);
        FaceResult[] results = [.. found.Zip(predictions).Select((face, i) => new FaceResult(i + 1, face.First.Box & bounds, face.Second)
        {
            Score = face.First.Score,
            Roll = face.First.Roll,
        })];
        return new FrameResult(
            0, TimeSpan.Zero, name, gray.Width, gray.Height, results, decoding, Stopwatch.GetElapsedTime(begun, detected),
            Stopwatch.GetElapsedTime(detected));
    }

    /// <summary>Frees the detectors; those in use when their calls return.</summary>
    public void Dispose() => _detectors.Dispose();
}
