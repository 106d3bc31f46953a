namespace FerMl.Cli.Commands;

/// <summary>What <c>ferml predict</c> does with a model of clips: each folder of frames and each video is one.</summary>
internal static class ClipPredictions
{
    /// <summary>Names the emotion of each clip.</summary>
    /// <param name="model">The model.</param>
    /// <param name="paths">Folders of frames, and videos.</param>
    /// <param name="complain">Hears of those that can't be read.</param>
    /// <param name="terminal">Where to show how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    public static IReadOnlyList<(string Path, EmotionPrediction Prediction)> Of(
        EmotionModel model, string[] paths, Action<string> complain, Terminal terminal, CancellationToken cancellation)
    {
        using var predictor = ClipPredictor.Of(model);
        var found = new List<(string, EmotionPrediction)>();
        ProgressDisplay.Run(terminal, $"predicting {paths.Length:N0} clips", progress =>
        {
            foreach (var (done, path) in paths.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    found.Add((path, predictor.Predict(ClipSource.One(path)).Emotion));
                }
                catch (FerDataException e)
                {
                    complain(e.Message);
                }
                progress.Report((done + 1.0) / paths.Length);
            }
            return true;
        });
        return found;
    }
}
