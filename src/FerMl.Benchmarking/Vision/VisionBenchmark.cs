using FerMl.Vision;
using System.Diagnostics;

namespace FerMl.Benchmarking;

/// <summary>Measures how fast 640x480 videos are processed: decoding, face detection, classification and drawing.</summary>
internal static class VisionBenchmark
{
    // The first frames warm up caches, threads and the JIT compiler.
    private const int WarmUp = 30;

    // Faces per frame, and frames per second, of simulated cameras.
    private static readonly (int Faces, int Rate)[] Paces = [(1, 30), (5, 30), (1, 60)];

    /// <summary>Runs the benchmark.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="modelName">The model's name.</param>
    /// <param name="faces">Faces to paste into the video, 2,304 pixel values each; at least five.</param>
    /// <param name="frames">Number of frames per measurement, 2 to 100,000.</param>
    /// <param name="createDetector">Creates the face detector.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <param name="cancellationToken">Cancels the benchmark.</param>
    /// <exception cref="ArgumentException">There are fewer than five faces.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of frames is outside its range.</exception>
    /// <exception cref="VisionException">The cascade is missing, or the video can't be written.</exception>
    public static VisionBenchmarkResult Run(
        EmotionPredictor predictor, string modelName, IReadOnlyList<byte[]> faces, int frames, Func<IFaceDetector> createDetector,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, 100_000);
        if (faces.Count < 5)
            throw new ArgumentException($"{faces.Count.Counted("face")} were given; five are needed.", nameof(faces));
        var folder = Directory.CreateTempSubdirectory("ferml-benchmark-");
        try
        {
            (int Faces, int DetectEvery)[] kinds = [(1, 1), (1, 3), (5, 1), (5, 3)];
            var runs = new List<VisionBenchmarkRun>();
            foreach (var (count, every) in kinds)
            {
                var clip = Path.Combine(folder.FullName, $"{count}.avi");
                if (!File.Exists(clip))
                    new MovingFaces([.. faces.Take(count)]).WriteVideo(clip, WarmUp + frames);
                runs.Add(Measure(predictor, clip, count, every, createDetector, cancellationToken));
                progress?.Report((double)runs.Count / (kinds.Length + Paces.Length));
            }
            var paced = new List<VisionBenchmarkPace>();
            foreach (var (count, rate) in Paces)
            {
                var clip = Path.Combine(folder.FullName, $"{count}-{rate}.avi");
                new MovingFaces([.. faces.Take(count)]).WriteVideo(clip, WarmUp + frames, rate);
                paced.Add(MeasureAtPace(predictor, clip, count, rate, createDetector, cancellationToken));
                progress?.Report((double)(runs.Count + paced.Count) / (kinds.Length + Paces.Length));
            }
            var first = runs[0];
            return new VisionBenchmarkResult
            {
                Model = modelName,
                FramesPerSecond = first.FramesPerSecond,
                LatencyMsP50 = first.LatencyMsP50,
                LatencyMsP95 = first.LatencyMsP95,
                LatencyMsP99 = first.LatencyMsP99,
                Stages = first.Stages,
                Runs = runs,
                Paced = paced,
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Processes a video in real time, like a camera, and measures the latency of the displayed frames.</summary>
    private static VisionBenchmarkPace MeasureAtPace(
        EmotionPredictor predictor, string clip, int faces, int rate, Func<IFaceDetector> createDetector, CancellationToken cancellation)
    {
        using var source = FrameSources.Open(clip);
        using var detector = createDetector();
        using var reader = new FaceReader(detector, predictor);
        var (age, frames, watch, before) = (new LatencyStatistics(), 0, new Stopwatch(), TimeSpan.Zero);
        var loop = new VideoLoop(source, reader, new VideoLoopOptions { RealTime = true });
        loop.Run((frame, result) =>
        {
            FaceOverlay.Draw(frame.Image, result.Faces, withBars: true);
            if (frames++ == WarmUp)
            {
                watch.Start();
                before = ProcessorTime.Now;
            }
            if (frames > WarmUp)
                age.Add(Stopwatch.GetElapsedTime(frame.CapturedAt));
            return true;
        }, cancellationToken: cancellation);
        var share = (ProcessorTime.Now - before) / watch.Elapsed;
        return new VisionBenchmarkPace(faces, rate, age.Percentile(0.5), age.Percentile(0.95), age.Percentile(0.99), loop.Dropped, share);
    }

    private static VisionBenchmarkRun Measure(
        EmotionPredictor predictor, string clip, int faces, int detectEvery, Func<IFaceDetector> createDetector,
        CancellationToken cancellation)
    {
        using var source = FrameSources.Open(clip);
        using var detector = createDetector();
        using var reader = new FaceReader(detector, predictor, new TrackingOptions { DetectEvery = detectEvery });
        var (speed, frames, seenFaces) = (new VideoSpeed(), 0, 0L);
        new VideoLoop(source, reader).Run((frame, result) =>
        {
            var begun = Stopwatch.GetTimestamp();
            FaceOverlay.Draw(frame.Image, result.Faces, withBars: true);
            if (frames++ >= WarmUp)
            {
                speed.Add(frame, result, Stopwatch.GetElapsedTime(begun));
                seenFaces += result.Faces.Count;
            }
            return true;
        }, cancellationToken: cancellation);
        var total = speed.Total;
        return new VisionBenchmarkRun(
            faces, detectEvery, (double)seenFaces / speed.Frames, speed.FramesPerSecond, total.P50, total.P95, total.P99, speed.Stages);
    }
}
