namespace FerMl.Experiments;

/// <summary>What a study makes as good as it can.</summary>
public enum StudyMetric
{
    /// <summary>Share of validation faces named rightly.</summary>
    Accuracy,

    /// <summary>Mean F1 over the emotions.</summary>
    MacroF1,

    /// <summary>
    /// Log-loss, in nats; its negative is the score, so that more is better. Not for comparing trials early (successive halving,
    /// Hyperband): after an epoch a network that has learned nothing yet, and says so, has less of it than one that learns and is wrongly
    /// sure.
    /// </summary>
    LogLoss,
}
