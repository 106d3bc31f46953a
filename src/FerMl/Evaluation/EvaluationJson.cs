using System.Collections.Immutable;
using System.Text.Json;

namespace FerMl;

/// <summary>Writes an evaluation as one JSON object, for <c>ferml evaluate --json</c> and for reports.</summary>
public static class EvaluationJson
{
    /// <summary>
    /// Returns the JSON object: <c>task</c> (labels), <c>count</c>, <c>accuracy</c>, <c>accuracyLow</c>, <c>accuracyHigh</c>,
    /// <c>macroF1</c>, <c>logLoss</c>, <c>ece</c>, <c>perClass</c>, <c>confusion</c> (rows: true label), <c>duplicatesInTraining</c>,
    /// <c>accuracyWithoutDuplicates</c>, <c>imagesPerSecond</c>, <c>annotation</c> (whose labels), and <c>votes</c> (count,
    /// meanVoteShare, crossEntropy, annotatorAgreement; null without votes).
    /// </summary>
    public static string ToJson(this EmotionEvaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return JsonSerializer.Serialize(EvaluationDocument.Of(evaluation), FerMlJson.TypeOf<EvaluationDocument>());
    }
}

/// <summary>The layout of the JSON object; its property names are those in the JSON.</summary>
internal sealed record EvaluationDocument(
    ImmutableArray<string> Task, int Count, double Accuracy, double AccuracyLow, double AccuracyHigh, double MacroF1, double LogLoss,
    double Ece, ImmutableArray<ClassMetrics> PerClass, ImmutableArray<ImmutableArray<int>> Confusion, int? DuplicatesInTraining,
    double? AccuracyWithoutDuplicates, double ImagesPerSecond, string Annotation, VoteMetrics? Votes)
{
    public static EvaluationDocument Of(EmotionEvaluation evaluation)
    {
        var metrics = evaluation.Metrics;
        return new(
            metrics.Labels, metrics.Count, metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.MacroF1, metrics.LogLoss,
            metrics.ExpectedCalibrationError, metrics.PerClass, metrics.Confusion, evaluation.DuplicatesInTraining,
            evaluation.AccuracyWithoutDuplicates, evaluation.ImagesPerSecond,
            evaluation.Annotation.ToString().ToLowerInvariant(), metrics.Votes);
    }
}

/// <summary>The layout of metrics alone, with the same property names.</summary>
internal sealed record MetricsDocument(
    ImmutableArray<string> Task, int Count, double Accuracy, double AccuracyLow, double AccuracyHigh, double MacroF1, double LogLoss,
    double Ece, ImmutableArray<ClassMetrics> PerClass, ImmutableArray<ImmutableArray<int>> Confusion, VoteMetrics? Votes)
{
    public static MetricsDocument Of(EmotionMetrics metrics) => new(
        metrics.Labels, metrics.Count, metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh, metrics.MacroF1, metrics.LogLoss,
        metrics.ExpectedCalibrationError, metrics.PerClass, metrics.Confusion, metrics.Votes);
}
