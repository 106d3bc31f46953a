using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Detects faces with YuNet (Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023) in OpenCV. Its weights are third-party
/// and don't ship with FerMl; download <c>face_detection_yunet_2023mar.onnx</c> from OpenCV's model zoo. Thread-safe: calls are serialized.
/// </summary>
public sealed class YuNetFaceDetector : IFaceDetector
{
    // YuNet was trained on faces of 10 to 300 pixels; larger images are downscaled.
    private const int SmallestFace = 10, LargestSide = 2_560;
    private const double SameFace = 0.3;
    private const int MaxFaces = 5_000;
    private const long MaxBytes = 64 << 20;

    // Columns of OpenCV's output: a box, five landmarks with the eyes first, and the score.
    private const int RightEye = 4, LeftEye = 6, ScoreColumn = 14;

    private readonly CnnDetectorOptions _options;
    private readonly string _model;
    private readonly Mat _reduced = new();
    private readonly DisposeGuard _gate = new(typeof(YuNetFaceDetector));
    private FaceDetectorYN? _network;
    private Size _size;

    /// <summary>Creates a detector and checks its file.</summary>
    /// <param name="options">The options; <see cref="CnnDetectorOptions.Model"/> names the file.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">No file is given, or it isn't YuNet.</exception>
    public YuNetFaceDetector(CnnDetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidator.Check(options);
        OpenCv.EnsureLoaded();
        _options = options;
        _model = options.Model ?? throw new VisionException(
            "YuNet's weights don't come with FerMl; give their file as CnnDetectorOptions.Model: "
                + "face_detection_yunet_2023mar.onnx of OpenCV's model zoo.");
        if (!File.Exists(_model))
            throw new VisionException($"{_model}: no such file; YuNet is face_detection_yunet_2023mar.onnx of OpenCV's model zoo.");
        if (new FileInfo(_model).Length is > MaxBytes and var length)
            throw new VisionException($"{_model}: {length >> 20} MB is too large for YuNet, which has 0.2 MB.");
        // Fail now rather than at the first image.
        var blank = new GrayImage(Enumerable.Repeat((byte)127, 64 * 64).ToArray(), 64, 64);
        Detect(blank);
    }

    /// <inheritdoc/>
    /// <exception cref="VisionException">The image is empty, or the file isn't YuNet.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed of.</exception>
    public IReadOnlyList<FoundFace> Detect(GrayImage gray)
    {
        using var guard = _gate.Enter();
        GrayRegions.RequirePixels(gray);
        using var image = gray.ToMat();
        var scale = Math.Min(
            Math.Min(1, SmallestFace / _options.MinFaceIn(gray.Width, gray.Height)),
                (double)LargestSide / Math.Max(gray.Width, gray.Height));
        var size = new Size(Math.Max(1, (int)Math.Round(gray.Width * scale)), Math.Max(1, (int)Math.Round(gray.Height * scale)));
        Cv2.Resize(image, _reduced, size, 0, 0, InterpolationFlags.Area);
        Cv2.CvtColor(_reduced, _reduced, ColorConversionCodes.GRAY2BGR);
        using var found = new Mat();
        try
        {
            if (_network is null || _size != size)
            {
                _network?.Dispose();
                // The input size can't be changed later.
                _network = FaceDetectorYN.Create(_model, "", size, (float)_options.MinScore, (float)SameFace, MaxFaces);
                _size = size;
            }
            _network.Detect(_reduced, found);
        }
        catch (Exception e) when (e is OpenCVException or OpenCvSharpException)
        {
            throw new VisionException($"{_model}: OpenCV can't run it ({e.Message.Split('\n')[0]}); YuNet is "
                + $"face_detection_yunet_2023mar.onnx of OpenCV's model zoo.", e);
        }
        var (across, down) = ((double)gray.Width / size.Width, (double)gray.Height / size.Height);
        return [.. Enumerable.Range(0, found.Rows).Select(row => Read(found.Row(row), across, down))];
    }

    /// <summary>
    /// <see cref="CnnDetectorOptions.Crop"/>, or by default the measured optimum (<c>ferml benchmark crop --photos</c>,
    /// docs/development/decisions/face-detection.md).
    /// </summary>
    public FaceCrop Framing => _options.Crop ?? new FaceCrop { Scale = 1.15 };

    /// <summary>Frees the network, after a running call has returned.</summary>
    public void Dispose() => _gate.Close(() =>
    {
        _network?.Dispose();
        _reduced.Dispose();
    });

    /// <summary>YuNet's box, higher than wide, becomes a square of the same area; the line between the eyes gives the roll.</summary>
    private static FoundFace Read(Mat row, double across, double down)
    {
        using (row)
        {
            var values = row.AsSpan<float>();
            var (width, height) = (values[2] * across, values[3] * down);
            var side = Math.Max(1, Math.Sqrt(width * height));
            var (x, y) = (values[0] * across + (width - side) / 2, values[1] * down + (height - side) / 2);
            var roll = Math.Atan2(values[LeftEye + 1] - values[RightEye + 1], values[LeftEye] - values[RightEye]) * 180 / Math.PI;
            return new FoundFace(
                new Rect((int)Math.Round(x), (int)Math.Round(y), (int)Math.Round(side), (int)Math.Round(side)), values[ScoreColumn],
                    (float)roll);
        }
    }
}
