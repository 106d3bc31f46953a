using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Corrupts faces in a given way and severity.</summary>
public static class FaceCorruption
{
    private static readonly Size Face = new(FaceResampler.Side, FaceResampler.Side);

    /// <summary>The severities that a robustness study tests, in ascending order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The corruption is unknown.</exception>
    public static IReadOnlyList<double> Severities(Corruption corruption) => corruption switch
    {
        Corruption.Brightness => [20, 40, 60, 80, 100],
        Corruption.Contrast => [0.2, 0.4, 0.6, 0.75, 0.9],
        Corruption.Rotation => [10, 20, 30, 45, 60],
        Corruption.Blur => [0.5, 1, 1.5, 2, 3],
        Corruption.Noise => [5, 10, 20, 30, 40],
        Corruption.Jpeg => [50, 70, 80, 90, 95],
        Corruption.Occlusion => [0.05, 0.1, 0.2, 0.3, 0.4],
        Corruption.Downscaling => [1.5, 2, 3, 4, 6],
        Corruption.Darkness => [2, 4, 6, 10, 16],
        Corruption.Gamma => [1.25, 1.5, 2, 2.5, 3.5],
        Corruption.Overexposure => [1.25, 1.5, 2, 2.5, 3],
        _ => throw new ArgumentOutOfRangeException(nameof(corruption), corruption, "There is no such corruption."),
    };

    /// <summary>The severity that changes nothing.</summary>
    public static double NeutralSeverity(Corruption corruption) =>
        corruption is Corruption.Downscaling or Corruption.Darkness or Corruption.Gamma or Corruption.Overexposure ? 1 : 0;

    /// <summary>The unit of a severity, as readable text.</summary>
    public static string UnitOf(Corruption corruption) => corruption switch
    {
        Corruption.Brightness => "change of pixel values",
        Corruption.Contrast => "share of contrast lost",
        Corruption.Rotation => "degrees",
        Corruption.Blur => "standard deviation, pixels",
        Corruption.Noise => "standard deviation (of 255)",
        Corruption.Jpeg => "100 - quality",
        Corruption.Occlusion => "share covered",
        Corruption.Downscaling => "downscaling factor",
        Corruption.Darkness => "times darker",
        Corruption.Gamma => "gamma or 1/gamma",
        Corruption.Overexposure => "times brighter",
        _ => throw new ArgumentOutOfRangeException(nameof(corruption), corruption, "There is no such corruption."),
    };

    /// <summary>Corrupts a face.</summary>
    /// <param name="corruption">The corruption.</param>
    /// <param name="severity">The severity, from <see cref="NeutralSeverity"/>.</param>
    /// <param name="face">2,304 pixel values.</param>
    /// <param name="number">The face's number, which determines side, position and noise.</param>
    /// <returns>2,304 pixel values.</returns>
    /// <exception cref="ArgumentException">The face has another size.</exception>
    public static byte[] Apply(Corruption corruption, double severity, ReadOnlySpan<byte> face, int number)
    {
        if (face.Length != FaceResampler.PixelCount)
            throw new ArgumentException($"A face has {FaceResampler.PixelCount} bytes; {face.Length} given.", nameof(face));
        OpenCv.EnsureLoaded();
        using var image = Mat.FromPixelData(Face.Height, Face.Width, MatType.CV_8UC1, face.ToArray());
        using var changed = new Mat();
        var side = number % 2 == 0 ? 1 : -1;
        switch (corruption)
        {
            case Corruption.Brightness:
                image.ConvertTo(changed, -1, 1, side * severity);
                break;
            case Corruption.Contrast:
                image.ConvertTo(changed, -1, 1 - severity, severity * Cv2.Mean(image).Val0);
                break;
            case Corruption.Rotation:
                using (var rotation = Cv2.GetRotationMatrix2D(
                    new Point2f((Face.Width - 1) / 2f, (Face.Height - 1) / 2f), side * severity, 1))
                    Cv2.WarpAffine(image, changed, rotation, Face, InterpolationFlags.Linear, BorderTypes.Replicate);
                break;
            case Corruption.Blur:
                Cv2.GaussianBlur(image, changed, new Size(0, 0), Math.Max(1e-3, severity), borderType: BorderTypes.Replicate);
                break;
            case Corruption.Noise:
                AddNoise(image, changed, severity, number);
                break;
            case Corruption.Jpeg:
                Cv2.ImEncode(".jpg", image, out var encoded,
                    new ImageEncodingParam(ImwriteFlags.JpegQuality, (int)Math.Round(100 - severity)));
                using (var decoded = Cv2.ImDecode(encoded, ImreadModes.Grayscale))
                    decoded.CopyTo(changed);
                break;
            case Corruption.Occlusion:
                Cover(image, changed, severity, number);
                break;
            case Corruption.Downscaling:
                using (var small = new Mat())
                {
                    var width = Math.Max(1, (int)Math.Round(Face.Width / severity));
                    Cv2.Resize(image, small, new Size(width, width), 0, 0, InterpolationFlags.Area);
                    Cv2.Resize(small, changed, Face, 0, 0, InterpolationFlags.Linear);
                }
                break;
            case Corruption.Darkness:
                image.ConvertTo(changed, -1, 1 / severity);
                break;
            case Corruption.Gamma:
                var exponent = side > 0 ? severity : 1 / severity;
                byte[] curve = [.. Enumerable.Range(0, 256).Select(level => (byte)(255 * Math.Pow(level / 255.0, exponent) + 0.5))];
                Cv2.LUT(image, curve, changed);
                break;
            case Corruption.Overexposure:
                image.ConvertTo(changed, -1, severity);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(corruption), corruption, "There is no such corruption.");
        }
        return changed.AsSpan<byte>().ToArray();
    }

    private static void AddNoise(Mat image, Mat changed, double standardDeviation, int number)
    {
        var random = new Random(number);
        image.CopyTo(changed);
        foreach (ref var level in changed.AsSpan<byte>())
        {
            // Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
            var normal = NormalDistribution.Draw(random.NextDouble(), random.NextDouble());
            level = (byte)Math.Clamp(Math.Round(level + standardDeviation * normal), 0, 255);
        }
    }

    private static void Cover(Mat image, Mat changed, double share, int number)
    {
        var random = new Random(number);
        var width = (int)Math.Round(Face.Width * Math.Sqrt(share));
        image.CopyTo(changed);
        if (width > 0)
            Cv2.Rectangle(changed, new Rect(random.Next(Face.Width - width + 1), random.Next(Face.Height - width + 1), width, width),
                Cv2.Mean(image), -1);
    }
}
