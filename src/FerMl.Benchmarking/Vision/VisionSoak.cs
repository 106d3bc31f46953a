using FerMl.Vision;
using System.Diagnostics;

namespace FerMl.Benchmarking;

/// <summary>Reads, draws, records and logs a video repeatedly, like a long-running demo, and measures the memory.</summary>
internal static class VisionSoak
{
    private const int ClipFrames = 300;
    private const int Readings = 20;

    /// <summary>Runs the soak test.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="faces">Faces to paste into the video, 2,304 pixel values each; one or more.</param>
    /// <param name="length">Duration, above zero.</param>
    /// <param name="createDetector">Creates the face detector.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <param name="cancellationToken">Cancels the test.</param>
    /// <exception cref="VisionException">The cascade is missing, or the video can't be written.</exception>
    public static VisionSoakResult Run(
        EmotionPredictor predictor, IReadOnlyList<byte[]> faces, TimeSpan length, Func<IFaceDetector> createDetector,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        var folder = Directory.CreateTempSubdirectory("ferml-soak-");
        try
        {
            var clip = Path.Combine(folder.FullName, "clip.avi");
            new MovingFaces(faces).WriteVideo(clip, ClipFrames);
            using var detector = createDetector();
            var (watch, frames, memory) = (Stopwatch.StartNew(), 0L, new List<MemoryReading>());
            while (watch.Elapsed < length)
            {
                using var source = FrameSources.Open(clip);
                using var reader = new FaceReader(detector, predictor);
                var session = new VideoSession(source, reader, predictor.Labels, new VideoSessionOptions
                {
                    RecordPath = Path.Combine(folder.FullName, "record.mp4"),
                    LogPath = Path.Combine(folder.FullName, "log.jsonl"),
                    Overwrite = true,
                });
                session.Run(cancellationToken: cancellationToken);
                frames += session.Speed.Frames;
                progress?.Report(Math.Min(1, watch.Elapsed / length));
                if (memory.Count == 0 || watch.Elapsed >= length * memory.Count / Readings)
                    memory.Add(new MemoryReading(watch.Elapsed.TotalMinutes, WorkingSet() / 1e6));
            }
            return new VisionSoakResult(watch.Elapsed.TotalMinutes, frames, memory);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
