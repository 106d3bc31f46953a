namespace FerMl.Experiments;

/// <summary>The metric that a study optimizes.</summary>
public enum StudyMetric
{
    /// <summary>Accuracy on the validation faces.</summary>
    Accuracy,

    /// <summary>Mean F1 over the classes.</summary>
    MacroF1,

    /// <summary>
    /// Log-loss, in nats; the score is its negative, so that higher is better. Don't use it to compare trials early (successive halving,
    /// Hyperband): after one epoch, a network that still predicts uniform probabilities has a lower loss than one that learns but is
    /// overconfident.
    /// </summary>
    LogLoss,
}
