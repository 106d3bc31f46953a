using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Benchmarking;

/// <summary>Measures the recall, the false positives and the processor time of a detector on photographs.</summary>
internal static class DetectionStudy
{
    private const string Crowd = "crowd";
    private const double SmallestPosed = 40;

    /// <summary>Runs the study.</summary>
    /// <param name="folder">Folder with photographs and the table of <see cref="PhotoTruth"/>.</param>
    /// <param name="createDetector">Creates the face detector.</param>
    /// <param name="drawings">Folder for images with hits (green), misses (yellow) and false positives (red), or null.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <param name="cancellationToken">Cancels the study between photographs.</param>
    /// <exception cref="VisionException">The table is missing or invalid, or a photograph can't be read.</exception>
    public static DetectionResult Run(
        string folder, Func<IFaceDetector> createDetector, string? drawings = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var truth = PhotoTruth.Load(folder);
        using var detector = createDetector();
        var (tried, falsePositives, time) = (0, 0, TimeSpan.Zero);
        var faces = new List<(string Kind, PhotoFace Face, bool IsFound)>();
        foreach (var (file, known) in truth)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report((double)tried / truth.Count);
            using var photo = Photo.Read(Path.Combine(folder, file));
            using var gray = photo.CvtColor(ColorConversionCodes.BGR2GRAY);
            // Warm up: the first call allocates memory, which isn't part of the measurement.
            if (tried++ == 0)
                _ = detector.Detect(gray);
            var begun = ProcessorTime.Now;
            var found = detector.Detect(gray);
            time += ProcessorTime.Now - begun;
            // The kind is "group" for group-012.jpg, group_01_x.png and group012.jpg.
            var kind = string.Concat(Path.GetFileNameWithoutExtension(file).TakeWhile(char.IsLetter));
            var (hits, wrong) = Compare(known, found);
            faces.AddRange(known.Where(face => face.IsSure).Select(face => (kind, face, hits.Contains(face))));
            falsePositives += wrong.Count;
            if (drawings is not null)
                Draw(photo, known, hits, found, wrong, Path.Combine(drawings, Path.ChangeExtension(file, ".png")));
        }
        var outside = faces.Where(item => item.Kind != Crowd).ToArray();
        var posed = outside.Where(item => item.Face.Size >= SmallestPosed).ToArray();
        return new DetectionResult
        {
            Photos = truth.Count,
            OutsideCrowds = Recall(outside),
            ByKind = faces.GroupBy(item => item.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .ToDictionary(kind => kind.Key, Recall),
            BySize = new Dictionary<string, DetectionRecall>
            {
                ["below 24"] = Recall(outside.Where(item => item.Face.Size < 24)),
                ["24 to 40"] = Recall(outside.Where(item => item.Face.Size is >= 24 and < 40)),
                ["40 to 80"] = Recall(outside.Where(item => item.Face.Size is >= 40 and < 80)),
                ["80 and more"] = Recall(outside.Where(item => item.Face.Size >= 80)),
            },
            ByPose = new Dictionary<string, DetectionRecall>
            {
                ["upright, frontal"] = Recall(posed.Where(item => Math.Abs(item.Face.Roll) < 12 && Math.Abs(item.Face.Yaw) < 0.35)),
                ["roll 12 to 60"] = Recall(posed.Where(item => Math.Abs(item.Face.Roll) is >= 12 and <= 60)),
                ["half turned"] = Recall(posed.Where(item => Math.Abs(item.Face.Yaw) is >= 0.35 and < 0.7)),
                ["profile"] = Recall(posed.Where(item => Math.Abs(item.Face.Yaw) >= 0.7)),
            },
            FalsePositives = falsePositives,
            CpuMsPerPhoto = time.TotalMilliseconds / truth.Count,
        };
    }

    /// <summary>
    /// Matches boxes to known faces, highest score first, and returns the detected faces and the false positives. A second box for a face,
    /// or a box for an unsure face, counts as neither.
    /// </summary>
    private static (HashSet<PhotoFace> Hits, List<FoundFace> Wrong) Compare(List<PhotoFace> known, IReadOnlyList<FoundFace> found)
    {
        var (hits, wrong) = (new HashSet<PhotoFace>(ReferenceEqualityComparer.Instance), new List<FoundFace>());
        foreach (var box in found.OrderByDescending(face => face.Score))
        {
            PhotoFace[] about = [.. known.Where(face => face.IsHitBy(box.Box))];
            if (about.FirstOrDefault(face => face.IsSure && !hits.Contains(face)) is { } hit)
                hits.Add(hit);
            else if (about.Length == 0)
                wrong.Add(box);
        }
        return (hits, wrong);
    }

    private static DetectionRecall Recall(IEnumerable<(string Kind, PhotoFace Face, bool IsFound)> faces)
    {
        var (count, found) = (0, 0);
        foreach (var face in faces)
        {
            count++;
            found += face.IsFound ? 1 : 0;
        }
        return new DetectionRecall(count, found);
    }

    private static void Draw(
        Mat photo, List<PhotoFace> known, HashSet<PhotoFace> hits, IReadOnlyList<FoundFace> found, List<FoundFace> wrong, string path)
    {
        var thickness = Math.Max(1, Math.Max(photo.Width, photo.Height) / 500);
        foreach (var face in known.Where(face => face.IsSure && !hits.Contains(face)))
            Cv2.Rectangle(photo, new Rect((int)face.X, (int)face.Y, (int)face.Width, (int)face.Height), new Scalar(0, 220, 255),
                2 * thickness);
        foreach (var face in found)
            Cv2.Rectangle(photo, face.Box, wrong.Contains(face) ? new Scalar(0, 0, 255) : new Scalar(0, 200, 0), thickness);
        if (!Cv2.ImEncode(".png", photo, out var png))
            throw new VisionException($"{path}: the drawing can't be written as PNG.");
        AtomicFile.Write(path, stream => stream.Write(png), overwrite: true);
    }
}
