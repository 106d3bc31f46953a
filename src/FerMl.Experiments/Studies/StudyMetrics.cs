namespace FerMl.Experiments;

/// <summary>Computes the score of an evaluation.</summary>
internal static class StudyMetrics
{
    /// <summary>The score; higher is better.</summary>
    public static double ScoreOf(this StudyMetric metric, EmotionMetrics metrics) => metric switch
    {
        StudyMetric.MacroF1 => metrics.MacroF1,
        StudyMetric.LogLoss => -metrics.LogLoss,
        _ => metrics.Accuracy,
    };
}
