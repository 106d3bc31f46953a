namespace FerMl.Experiments;

/// <summary>What a study makes as good as it can.</summary>
public enum StudyMetric
{
    /// <summary>Share of validation faces named rightly.</summary>
    Accuracy,

    /// <summary>Mean F1 over the emotions.</summary>
    MacroF1,

    /// <summary>Log-loss, in nats; its negative is the score, so that more is better.</summary>
    LogLoss,
}
