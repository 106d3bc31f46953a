using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Makes faces worse in a given way and strength.</summary>
public static class FaceDistortion
{
    private static readonly Size Face = new(FaceResampler.Side, FaceResampler.Side);

    /// <summary>The strengths that are tried, growing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such distortion.</exception>
    public static IReadOnlyList<double> Strengths(Distortion distortion) => distortion switch
    {
        Distortion.Brightness => [20, 40, 60, 80, 100],
        Distortion.Contrast => [0.2, 0.4, 0.6, 0.75, 0.9],
        Distortion.Rotation => [10, 20, 30, 45, 60],
        Distortion.Blur => [0.5, 1, 1.5, 2, 3],
        Distortion.Noise => [5, 10, 20, 30, 40],
        Distortion.Jpeg => [50, 70, 80, 90, 95],
        Distortion.Occlusion => [0.05, 0.1, 0.2, 0.3, 0.4],
        Distortion.SmallFace => [1.5, 2, 3, 4, 6],
        _ => throw new ArgumentOutOfRangeException(nameof(distortion), distortion, "There is no such distortion."),
    };

    /// <summary>The strength that leaves a face as it is.</summary>
    public static double NoneOf(Distortion distortion) => distortion == Distortion.SmallFace ? 1 : 0;

    /// <summary>What a strength is, for people.</summary>
    public static string UnitOf(Distortion distortion) => distortion switch
    {
        Distortion.Brightness => "grey levels up or down",
        Distortion.Contrast => "share of contrast lost",
        Distortion.Rotation => "degrees",
        Distortion.Blur => "standard deviation, pixels",
        Distortion.Noise => "standard deviation, grey levels",
        Distortion.Jpeg => "100 less the quality",
        Distortion.Occlusion => "share covered",
        Distortion.SmallFace => "times smaller than 48 pixels",
        _ => throw new ArgumentOutOfRangeException(nameof(distortion), distortion, "There is no such distortion."),
    };

    /// <summary>Makes a face worse.</summary>
    /// <param name="distortion">In which way.</param>
    /// <param name="strength">How much, from <see cref="NoneOf"/>.</param>
    /// <param name="face">2,304 grey levels.</param>
    /// <param name="number">The face's number, of which side, place and noise are a function.</param>
    /// <returns>2,304 grey levels.</returns>
    /// <exception cref="ArgumentException">The face has another size.</exception>
    public static byte[] Apply(Distortion distortion, double strength, ReadOnlySpan<byte> face, int number)
    {
        if (face.Length != FaceResampler.PixelCount)
            throw new ArgumentException($"A face has {FaceResampler.PixelCount} bytes; {face.Length} given.", nameof(face));
        OpenCv.EnsureLoaded();
        using var image = Mat.FromPixelData(Face.Height, Face.Width, MatType.CV_8UC1, face.ToArray());
        using var changed = new Mat();
        var side = number % 2 == 0 ? 1 : -1;
        switch (distortion)
        {
            case Distortion.Brightness:
                image.ConvertTo(changed, -1, 1, side * strength);
                break;
            case Distortion.Contrast:
                image.ConvertTo(changed, -1, 1 - strength, strength * Cv2.Mean(image).Val0);
                break;
            case Distortion.Rotation:
                using (var turn = Cv2.GetRotationMatrix2D(new Point2f((Face.Width - 1) / 2f, (Face.Height - 1) / 2f), side * strength, 1))
                    Cv2.WarpAffine(image, changed, turn, Face, InterpolationFlags.Linear, BorderTypes.Replicate);
                break;
            case Distortion.Blur:
                Cv2.GaussianBlur(image, changed, new Size(0, 0), Math.Max(1e-3, strength), borderType: BorderTypes.Replicate);
                break;
            case Distortion.Noise:
                AddNoise(image, changed, strength, number);
                break;
            case Distortion.Jpeg:
                Cv2.ImEncode(".jpg", image, out var encoded, new ImageEncodingParam(ImwriteFlags.JpegQuality, (int)Math.Round(100 - strength)));
                using (var decoded = Cv2.ImDecode(encoded, ImreadModes.Grayscale))
                    decoded.CopyTo(changed);
                break;
            case Distortion.Occlusion:
                Cover(image, changed, strength, number);
                break;
            case Distortion.SmallFace:
                using (var small = new Mat())
                {
                    var width = Math.Max(1, (int)Math.Round(Face.Width / strength));
                    Cv2.Resize(image, small, new Size(width, width), 0, 0, InterpolationFlags.Area);
                    Cv2.Resize(small, changed, Face, 0, 0, InterpolationFlags.Linear);
                }
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(distortion), distortion, "There is no such distortion.");
        }
        return changed.AsSpan<byte>().ToArray();
    }

    private static void AddNoise(Mat image, Mat changed, double deviation, int number)
    {
        var random = new Random(number);
        image.CopyTo(changed);
        foreach (ref var level in changed.AsSpan<byte>())
        {
            // Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            level = (byte)Math.Clamp(Math.Round(level + deviation * normal), 0, 255);
        }
    }

    private static void Cover(Mat image, Mat changed, double share, int number)
    {
        var random = new Random(number);
        var width = (int)Math.Round(Face.Width * Math.Sqrt(share));
        image.CopyTo(changed);
        if (width > 0)
            Cv2.Rectangle(changed, new Rect(random.Next(Face.Width - width + 1), random.Next(Face.Height - width + 1), width, width), Cv2.Mean(image), -1);
    }
}
