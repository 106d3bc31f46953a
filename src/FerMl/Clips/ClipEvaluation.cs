using System.Text.Json;

namespace FerMl;

/// <summary>Evaluates a clip model on labeled clips, and the mean of single-face scores of their frames as a baseline.</summary>
public sealed class ClipEvaluation
{
    private ClipEvaluation(EmotionMetrics sequence, EmotionMetrics average, int onlySequence, int onlyAverage) =>
        (Sequence, Average, OnlySequence, OnlyAverage) = (sequence, average, onlySequence, onlyAverage);

    /// <summary>Metrics of the clip model.</summary>
    public EmotionMetrics Sequence { get; }

    /// <summary>Metrics of the mean of the frames' scores.</summary>
    public EmotionMetrics Average { get; }

    /// <summary>Number of clips that only the clip model classifies correctly.</summary>
    public int OnlySequence { get; }

    /// <summary>Number of clips that only the mean classifies correctly. For equally good methods, both numbers are about equal.</summary>
    public int OnlyAverage { get; }

    /// <summary>Evaluates a model; clips whose label the model lacks are left out.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="progress">Receives the number of processed clips.</param>
    /// <param name="cancellationToken">Cancels the evaluation.</param>
    /// <exception cref="FerDataException">No clip has one of the model's labels, or a clip can't be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public static ClipEvaluation Run(
        ClipPredictor predictor, ClipDataset clips, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(clips);
        string[] labels = [.. predictor.Labels];
        var known = clips.Where(clip => labels.Contains(clip.Emotion.ToLabel()));
        int[] truth = [.. known.Clips.Select(clip => Array.IndexOf(labels, clip.Emotion.ToLabel()))];
        var predictions = predictor.Predict(known, progress, cancellationToken);
        EmotionPrediction[] sequence = [.. predictions.Select(prediction => prediction.Emotion)];
        EmotionPrediction[] average = [.. predictions.Select(prediction => prediction.Average)];
        return new ClipEvaluation(Metrics(sequence), Metrics(average), Only(sequence, average), Only(average, sequence));

        EmotionMetrics Metrics(EmotionPrediction[] of) =>
            EmotionMetrics.Compute(labels, truth, of.SelectMany(prediction => prediction.Scores, (_, score) => score.Score));

        int Only(EmotionPrediction[] these, EmotionPrediction[] others) =>
            truth.Where((label, i) => these[i].Label == labels[label] && others[i].Label != labels[label]).Count();
    }

    /// <summary>
    /// Returns one JSON object: <c>count</c>; <c>accuracy</c>, <c>accuracyLow</c>, <c>accuracyHigh</c>, <c>macroF1</c>, <c>logLoss</c>,
    /// <c>ece</c> and <c>perClass</c> for each of <c>sequence</c> and <c>average</c>; <c>onlySequence</c> and <c>onlyAverage</c>.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ClipEvaluationDocument(Sequence.Count, Document(Sequence), Document(Average), OnlySequence, OnlyAverage),
        FerMlJson.TypeOf<ClipEvaluationDocument>());

    private static ClipMetricsDocument Document(EmotionMetrics metrics) => new(
        metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.MacroF1, metrics.LogLoss, metrics.ExpectedCalibrationError,
        metrics.PerClass);
}

/// <summary>The layout of the JSON object; its property names are those in the JSON.</summary>
internal sealed record ClipEvaluationDocument(
    int Count, ClipMetricsDocument Sequence, ClipMetricsDocument Average, int OnlySequence, int OnlyAverage);

/// <summary>The metrics of one method.</summary>
internal sealed record ClipMetricsDocument(
    double Accuracy, double AccuracyLow, double AccuracyHigh, double MacroF1, double LogLoss, double Ece,
    System.Collections.Immutable.ImmutableArray<ClassMetrics> PerClass);
