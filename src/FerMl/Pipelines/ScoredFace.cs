namespace FerMl;

/// <summary>The output of a <c>PredictionEngine</c> on a saved model.</summary>
public sealed class ScoredFace
{
    /// <summary>The most probable emotion's label, such as <c>happy</c>.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each label of the task, in FER2013's order; they sum to 1.</summary>
    public float[] Score { get; set; } = [];
}
