using System.Text.Json;

namespace FerMl;

/// <summary>
/// How well a model of clips does on labeled ones, beside the mean of what the model of single faces says of their frames.
/// </summary>
public sealed class ClipEvaluation
{
    private ClipEvaluation(EmotionMetrics sequence, EmotionMetrics average, int onlySequence, int onlyAverage) =>
        (Sequence, Average, OnlySequence, OnlyAverage) = (sequence, average, onlySequence, onlyAverage);

    /// <summary>The model of clips.</summary>
    public EmotionMetrics Sequence { get; }

    /// <summary>The mean of the scores of single frames.</summary>
    public EmotionMetrics Average { get; }

    /// <summary>Clips that only the model of clips names right.</summary>
    public int OnlySequence { get; }

    /// <summary>Clips that only the mean names right. By chance the two numbers are about equal.</summary>
    public int OnlyAverage { get; }

    /// <summary>Evaluates a model; clips of labels that it doesn't tell are left out.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="progress">Receives the number of clips done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FerDataException">No clip has one of the model's labels, or one can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
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
    /// One JSON object: <c>count</c>; for <c>sequence</c> and <c>average</c> each <c>accuracy</c>, <c>accuracyLow</c>, <c>accuracyHigh</c>,
    /// <c>macroF1</c>, <c>logLoss</c>, <c>ece</c> and <c>perClass</c>; <c>onlySequence</c> and <c>onlyAverage</c>.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ClipEvaluationDocument(Sequence.Count, Document(Sequence), Document(Average), OnlySequence, OnlyAverage),
        FerMlJson.TypeOf<ClipEvaluationDocument>());

    private static ClipMetricsDocument Document(EmotionMetrics metrics) => new(
        metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.MacroF1, metrics.LogLoss, metrics.ExpectedCalibrationError,
        metrics.PerClass);
}

/// <summary>The object, with names in the words of those who read it.</summary>
internal sealed record ClipEvaluationDocument(
    int Count, ClipMetricsDocument Sequence, ClipMetricsDocument Average, int OnlySequence, int OnlyAverage);

/// <summary>What one way of naming clips does.</summary>
internal sealed record ClipMetricsDocument(
    double Accuracy, double AccuracyLow, double AccuracyHigh, double MacroF1, double LogLoss, double Ece,
    System.Collections.Immutable.ImmutableArray<ClassMetrics> PerClass);
