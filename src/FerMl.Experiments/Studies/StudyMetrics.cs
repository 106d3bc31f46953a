namespace FerMl.Experiments;

/// <summary>What a metric is of an evaluation.</summary>
internal static class StudyMetrics
{
    /// <summary>The score, in which more is better.</summary>
    public static double ScoreOf(this StudyMetric metric, EmotionMetrics metrics) => metric switch
    {
        StudyMetric.MacroF1 => metrics.MacroF1,
        StudyMetric.LogLoss => -metrics.LogLoss,
        _ => metrics.Accuracy,
    };
}
