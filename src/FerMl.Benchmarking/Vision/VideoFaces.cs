using FerMl.Vision;

namespace FerMl.Benchmarking;

/// <summary>Selects faces for benchmark videos.</summary>
internal static class VideoFaces
{
    // A face found with this score is also found in the frames in between.
    private const float Sure = 0.95f;

    // Numbers of the frames to test, each with the face at another position.
    private static readonly int[] Tried = [0, 15, 30, 45, 60, 75];

    /// <summary>The first faces of a data set that the detector finds at all tested positions.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="count">Number of faces, at least 1.</param>
    /// <param name="createDetector">Creates the face detector. Default: FerMl's CNN.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <returns>The faces, 2,304 pixel values each.</returns>
    /// <exception cref="VisionException">The detector finds too few faces of the data set, or the cascade is missing.</exception>
    public static IReadOnlyList<byte[]> Choose(
        FerDataset dataset, int count, Func<IFaceDetector>? createDetector = null, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var detector = createDetector?.Invoke() ?? new CnnFaceDetector(CnnDetectorOptions.ForVideo);
        var found = new List<byte[]>();
        foreach (var face in dataset.Samples)
        {
            var pixels = face.Pixels.ToArray();
            if (Tried.All(number => IsFound(detector, pixels, number)))
                found.Add(pixels);
            progress?.Report((double)found.Count / count);
            if (found.Count == count)
                return found;
        }
        throw new VisionException(
            $"{dataset.Source}: the detector finds {found.Count} of its {dataset.Count.Counted("face")}, and {count} are needed; give "
                + $"FER2013.");
    }

    private static bool IsFound(IFaceDetector detector, byte[] face, int number)
    {
        var (image, _) = new MovingFaces([face]).Draw(number);
        using (image)
        using (var gray = image.CvtColor(OpenCvSharp.ColorConversionCodes.BGR2GRAY))
            return detector.Detect(gray) is [{ Score: >= Sure }];
    }
}
