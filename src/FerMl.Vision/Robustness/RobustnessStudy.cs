namespace FerMl.Vision;

/// <summary>
/// Measures how well a model does on faces that are darker, tilted, blurred, covered and so on, at growing severity, as they would come out
/// of a photograph (<see cref="FaceCrop"/>).
/// </summary>
public static class RobustnessStudy
{
    /// <summary>Runs the study on all processors.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="faces">Labeled faces; those whose emotion the model doesn't know are left out.</param>
    /// <param name="progress">Receives the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>A curve for each corruption.</returns>
    /// <exception cref="FerDataException">No face has one of the model's labels.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<RobustnessCurve> Run(
        EmotionPredictor predictor, FerDataset faces, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(faces);
        string[] labels = [.. predictor.Labels];
        var known = faces.Where(face => labels.Contains(face.Label));
        if (known.Count == 0)
            throw new FerDataException($"{faces.Source}: no face has one of the model's labels ({string.Join(", ", labels)}).");
        int[] truth = [.. known.Samples.Select(face => Array.IndexOf(labels, face.Label))];
        var corruptions = Enum.GetValues<Corruption>();
        var (done, total) = (0, 1 + corruptions.Sum(corruption => FaceCorruption.Severities(corruption).Count));

        var clean = Measure(0, (_, face) => face.ToArray());
        return [.. corruptions.Select(corruption => new RobustnessCurve(corruption, FaceCorruption.UnitOf(corruption),
            [clean with
            {
                Severity = FaceCorruption.NeutralStrength(corruption),
            }, .. FaceCorruption.Severities(corruption)
                .Select(severity => Measure(severity,
                    (number, face) => Cropped(FaceCorruption.Apply(corruption, severity, face, number))))]))];

        RobustnessPoint Measure(double severity, Change change)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GrayImage[] images = [
                .. Enumerable.Range(0, known.Count)
                .Select(i => new GrayImage(change(i, known.PixelsOf(i)), FaceResampler.Side, FaceResampler.Side))];
            var metrics = EmotionMetrics.Compute(
                labels, truth, predictor.Predict(images).SelectMany(prediction => prediction.Scores.Select(score => score.Score)));
            progress?.Report((double)++done / total);
            return new RobustnessPoint(severity, metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.MacroF1);
        }
    }

    /// <summary>What <see cref="FaceCrop"/> makes of a face that was found.</summary>
    private static byte[] Cropped(byte[] face)
    {
        ContrastStretch.Apply(face);
        return face;
    }

    private delegate byte[] Change(int number, ReadOnlySpan<byte> face);
}
