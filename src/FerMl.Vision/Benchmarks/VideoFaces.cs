namespace FerMl.Vision;

/// <summary>Chooses faces for videos to measure with.</summary>
public static class VideoFaces
{
    // Pictures in which a face stands in as many places.
    private static readonly int[] Tried = [0, 15, 30, 45, 60, 75];

    /// <summary>The first faces of a data set that the detector finds wherever they move.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="count">How many; at least 1.</param>
    /// <param name="progress">Receives the share that is done, 0..1.</param>
    /// <returns>2,304 grey levels each.</returns>
    /// <exception cref="VisionException">The data set has too few that the detector finds, or there is no cascade.</exception>
    public static IReadOnlyList<byte[]> Choose(FerDataset dataset, int count, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var detector = new HaarFaceDetector();
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
        throw new VisionException($"{dataset.Source}: the detector finds {found.Count} of its {dataset.Count:N0} faces, and {count} are needed; give FER2013 with --data.");
    }

    private static bool IsFound(HaarFaceDetector detector, byte[] face, int number)
    {
        var (image, _) = new MovingFaces([face]).Draw(number);
        using (image)
        using (var grey = image.CvtColor(OpenCvSharp.ColorConversionCodes.BGR2GRAY))
            return detector.Detect(grey).Count == 1;
    }
}
