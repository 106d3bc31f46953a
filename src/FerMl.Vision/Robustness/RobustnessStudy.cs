namespace FerMl.Vision;

/// <summary>Measures how well a model does on faces that are darker, tilted, blurred, covered and so on, at growing strength.</summary>
public static class RobustnessStudy
{
    /// <summary>Runs the study on all processors.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="faces">Labelled faces; those whose emotion the model doesn't know are left out.</param>
    /// <param name="progress">Receives the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>A curve for each distortion.</returns>
    /// <exception cref="FerDataException">No face has one of the model's labels.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<RobustnessCurve> Run(EmotionPredictor predictor, FerDataset faces, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(faces);
        string[] labels = [.. predictor.Labels];
        var known = faces.Where(face => labels.Contains(face.Emotion.ToLabel()));
        if (known.Count == 0)
            throw new FerDataException($"{faces.Source}: no face has one of the model's labels ({string.Join(", ", labels)}).");
        int[] truth = [.. known.Samples.Select(face => Array.IndexOf(labels, face.Emotion.ToLabel()))];
        var distortions = Enum.GetValues<Distortion>();
        var (done, total) = (0, 1 + distortions.Sum(distortion => FaceDistortion.Strengths(distortion).Count));

        var clean = Measure(0, (_, face) => face.ToArray());
        return [.. distortions.Select(distortion => new RobustnessCurve(distortion, FaceDistortion.UnitOf(distortion),
            [clean with { Strength = FaceDistortion.NoneOf(distortion) }, .. FaceDistortion.Strengths(distortion).Select(strength => Measure(strength, (number, face) => FaceDistortion.Apply(distortion, strength, face, number)))]))];

        RobustnessPoint Measure(double strength, Change change)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GreyImage[] images = [.. Enumerable.Range(0, known.Count).Select(i => new GreyImage(change(i, known.PixelsOf(i)), FaceResampler.Side, FaceResampler.Side))];
            var metrics = EmotionMetrics.Compute(labels, truth, predictor.Predict(images).SelectMany(prediction => prediction.Scores.Select(score => score.Score)));
            progress?.Report((double)++done / total);
            return new RobustnessPoint(strength, metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.MacroF1);
        }
    }

    private delegate byte[] Change(int number, ReadOnlySpan<byte> face);
}
