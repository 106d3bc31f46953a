using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Detects faces with a Haar cascade, as the paper's demo does (Viola and Jones, "Rapid Object Detection using a Boosted Cascade of Simple
/// Features", 2001), in a downscaled image. Thread-safe: calls are serialized.
/// </summary>
public sealed class HaarFaceDetector : IFaceDetector
{
    // Two boxes whose overlap is more than this share of the smaller one are the same face.
    private const double SameFace = 0.5;

    private readonly HaarOptions _options;
    private readonly CascadeClassifier _cascade;
    private readonly Mat _reduced = new();
    private readonly DisposeGuard _gate = new(typeof(HaarFaceDetector));

    /// <summary>Loads the cascade.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">The cascade doesn't exist, or the file isn't a cascade.</exception>
    public HaarFaceDetector(HaarOptions? options = null)
    {
        _options = options ?? new HaarOptions();
        OptionsValidator.Check(_options);
        OpenCv.EnsureLoaded();
        CascadePath = CascadeFile.Find(_options.Cascade);
        _cascade = Load(CascadePath);
    }

    /// <summary>The cascade's file.</summary>
    public string CascadePath { get; }

    /// <inheritdoc/>
    /// <exception cref="VisionException">The image is empty.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed of.</exception>
    public IReadOnlyList<FoundFace> Detect(GrayImage gray)
    {
        using var guard = _gate.Enter();
        GrayRegions.RequirePixels(gray);
        using var image = gray.ToMat();
        var minFace = _options.MinFace ?? Math.Max(20, Math.Min(gray.Width, gray.Height) / 6);
        var scale = Math.Min(1, (double)_options.DownscaledMinFace / minFace);
        Cv2.Resize(image, _reduced,
            new Size(Math.Max(1, (int)Math.Round(gray.Width * scale)), Math.Max(1, (int)Math.Round(gray.Height * scale))), 0, 0,
            InterpolationFlags.Area);
        if (_options.EqualizeHistogram)
            Cv2.EqualizeHist(_reduced, _reduced);
        var smallest = Math.Max(1, (int)(minFace * scale));
        var found = _cascade.DetectMultiScale(
            _reduced, _options.ScaleFactor, _options.MinNeighbors, HaarDetectionTypes.ScaleImage, new Size(smallest, smallest));
        return [.. Distinct(found.Select(box => new Rect(Up(box.X), Up(box.Y), Up(box.Width), Up(box.Height))))
            .Select(box => new FoundFace(box))];

        int Up(int length) => (int)Math.Round(length / scale);
    }

    /// <summary>
    /// <see cref="HaarOptions.Crop"/>, or by default the measured optimum (<c>ferml benchmark crop --photos</c>,
    /// docs/development/decisions/face-detection.md).
    /// </summary>
    public FaceCrop Framing => _options.Crop ?? new FaceCrop { Scale = 1.05 };

    /// <summary>Frees the cascade, after a running call has returned.</summary>
    public void Dispose() => _gate.Close(() =>
    {
        _cascade.Dispose();
        _reduced.Dispose();
    });

    /// <summary>Leaves out each box that mostly overlaps a larger one.</summary>
    internal static IReadOnlyList<Rect> Distinct(IEnumerable<Rect> boxes)
    {
        var kept = new List<Rect>();
        foreach (var box in boxes.OrderByDescending(box => box.Width).ThenBy(box => box.X).ThenBy(box => box.Y))
            if (!kept.Exists(other => Area(box & other) > SameFace * Math.Min(Area(box), Area(other))))
                kept.Add(box);
        return kept;
    }

    private static double Area(Rect box) => (double)box.Width * box.Height;

    private static CascadeClassifier Load(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > CascadeFile.MaxBytes)
            throw new VisionException($"{path}: {length >> 20} MB is too large for a face cascade; OpenCV's have 1 MB.");
        CascadeClassifier? cascade = null;
        try
        {
            cascade = new CascadeClassifier();
            if (!cascade.Load(path) || cascade.Empty())
                throw new VisionException(
                    $"{path}: not a cascade that OpenCV can read; get OpenCV's own "
                        + "haarcascade_frontalface_alt2.xml (package opencv-data).");
            return cascade;
        }
        catch (Exception e) when (e is OpenCVException or OpenCvSharpException)
        {
            cascade?.Dispose();
            throw new VisionException(
                $"{path}: not a cascade that OpenCV can read ({e.Message.Split('\n')[0]}); get OpenCV's own "
                    + $"haarcascade_frontalface_alt2.xml (package opencv-data).", e);
        }
    }
}
