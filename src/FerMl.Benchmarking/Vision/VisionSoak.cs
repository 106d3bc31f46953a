using FerMl.Vision;
using System.Diagnostics;

namespace FerMl.Benchmarking;

/// <summary>Reads, draws, records and logs a video again and again, as a demo that is left running does, and watches the memory.</summary>
internal static class VisionSoak
{
    private const int ClipFrames = 300;
    private const int Readings = 20;

    /// <summary>Runs for a time.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="faces">Faces to paste into the video, 2,304 pixel values each; one or more.</param>
    /// <param name="length">How long, above zero.</param>
    /// <param name="createDetector">Makes what finds the faces.</param>
    /// <param name="progress">Receives the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="VisionException">There is no cascade, or no video can be written.</exception>
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
