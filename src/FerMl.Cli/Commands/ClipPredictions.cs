using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>Implements <c>ferml predict</c> for clip models: each folder of frames and each video is a clip.</summary>
internal static class ClipPredictions
{
    /// <summary>The clips at these paths. A folder adds itself if it contains frames, and all clips below it.</summary>
    /// <param name="paths">Folders and videos.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths) =>
        [.. paths.SelectMany(path => Directory.Exists(path) && ClipFolder.PathsIn(path) is { Count: > 0 } found ? found : [path])
            .Distinct()];

    /// <summary>Classifies each clip.</summary>
    /// <param name="model">The model.</param>
    /// <param name="paths">Folders of frames, and videos.</param>
    /// <param name="createDetector">Creates the detector for the face in a video.</param>
    /// <param name="done">Receives each clip with its emotion, or with the error if it can't be read, as soon as it is done.</param>
    /// <param name="terminal">Where to show progress.</param>
    /// <param name="cancellation">Cancels the predictions.</param>
    public static void Run(
        EmotionModel model, IReadOnlyList<string> paths, Func<IFaceDetector> createDetector,
        Action<string, EmotionPrediction?, string?> done, Terminal terminal, CancellationToken cancellation)
    {
        using var predictor = ClipPredictor.Of(model);
        ProgressDisplay.Run(terminal, $"predicting {paths.Count.Counted("clip")}", progress =>
        {
            foreach (var (i, path) in paths.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    done(path, predictor.Predict(ClipSource.One(path, createDetector, cancellation)).Emotion, null);
                }
                catch (Exception e) when (e is FerDataException or EmotionModelException)
                {
                    done(path, null, e.Message);
                }
                progress.Report((i + 1.0) / paths.Count);
            }
            return true;
        });
    }
}
