using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>What <c>ferml predict</c> does with a model of clips: each folder of frames and each video is one.</summary>
internal static class ClipPredictions
{
    /// <summary>Names the emotion of each clip.</summary>
    /// <param name="model">The model.</param>
    /// <param name="paths">Folders of frames, and videos.</param>
    /// <param name="createDetector">Makes what finds the face in a video.</param>
    /// <param name="terminal">Where to show how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Each clip with its emotion, or with why it can't be read.</returns>
    public static IReadOnlyList<(string Path, EmotionPrediction? Prediction, string? Error)> Of(
        EmotionModel model, string[] paths, Func<IFaceDetector> createDetector, Terminal terminal, CancellationToken cancellation)
    {
        using var predictor = ClipPredictor.Of(model);
        return ProgressDisplay.Run(terminal, $"predicting {paths.Length:N0} clips", progress =>
        {
            var results = new List<(string, EmotionPrediction?, string?)>();
            foreach (var path in paths)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    results.Add((path, predictor.Predict(ClipSource.One(path, createDetector, cancellation)).Emotion, null));
                }
                catch (FerDataException e)
                {
                    results.Add((path, null, e.Message));
                }
                progress.Report((double)results.Count / paths.Length);
            }
            return results;
        });
    }
}
