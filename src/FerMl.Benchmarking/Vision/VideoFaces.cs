using FerMl.Vision;

namespace FerMl.Benchmarking;

/// <summary>Chooses faces for videos to measure with.</summary>
internal static class VideoFaces
{
    // Found with this score, it is found in the frames between, too.
    private const float Sure = 0.95f;

    // Images in which a face stands in as many places.
    private static readonly int[] Tried = [0, 15, 30, 45, 60, 75];

    /// <summary>The first faces of a data set that the detector finds wherever they move.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="count">How many; at least 1.</param>
    /// <param name="createDetector">Makes what finds the faces; FerMl's own network where it isn't given.</param>
    /// <param name="progress">Receives the share that is done, 0..1.</param>
    /// <returns>2,304 pixel values each.</returns>
    /// <exception cref="VisionException">The data set has too few that the detector finds, or there is no cascade.</exception>
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
