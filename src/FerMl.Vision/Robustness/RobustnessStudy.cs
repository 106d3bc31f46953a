namespace FerMl.Vision;

/// <summary>
/// Measures a model's accuracy on corrupted faces (darker, rotated, blurred, occluded and so on) at increasing severity, as
/// <see cref="FaceCrop"/> would crop them from a photo.
/// </summary>
public static class RobustnessStudy
{
    /// <summary>Runs the study on all processors.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="faces">Labeled faces; those with labels that the model doesn't have are left out.</param>
    /// <param name="progress">Receives the completed share, 0..1.</param>
    /// <param name="cancellationToken">Cancels the study, between severities.</param>
    /// <returns>A curve for each corruption.</returns>
    /// <exception cref="FerDataException">No face has one of the model's labels.</exception>
    /// <exception cref="OperationCanceledException">The study was canceled.</exception>
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
                Severity = FaceCorruption.NeutralSeverity(corruption),
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

    /// <summary>Stretches a face's contrast as <see cref="FaceCrop"/> does.</summary>
    private static byte[] Cropped(byte[] face)
    {
        ContrastStretch.Apply(face);
        return face;
    }

    private delegate byte[] Change(int number, ReadOnlySpan<byte> face);
}
