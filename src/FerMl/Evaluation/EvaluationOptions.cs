namespace FerMl;

/// <summary>What <see cref="EmotionEvaluation.Run"/> evaluates.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The usages whose faces are evaluated. Default: PublicTest.</summary>
    public IReadOnlyList<Usage> Usages { get; init; } = [Usage.PublicTest];

    /// <summary>
    /// The task to score: the faces and the scores of its labels alone, the scores made to sum to 1 again. It may have fewer labels
    /// than the model, not others. Default: the model's own.
    /// </summary>
    public EmotionTask? Task { get; init; }

    /// <summary>Receives the number of faces done. Default: none.</summary>
    public IProgress<int>? Progress { get; init; }
}
