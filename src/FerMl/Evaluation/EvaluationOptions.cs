namespace FerMl;

/// <summary>Options of <see cref="EmotionEvaluation.Run"/>.</summary>
public sealed record EvaluationOptions
{
    /// <summary>
    /// The usages to evaluate. Default: empty, which means PublicTest, or the only test part of data with a single one (folders train and
    /// test).
    /// </summary>
    public IReadOnlyList<Usage> Usages { get; init; } = [];

    /// <summary>Resolves the usages to evaluate.</summary>
    /// <param name="chosen">The requested usages; empty for the default.</param>
    /// <param name="present">The usages of the data.</param>
    internal static IReadOnlyList<Usage> UsagesOf(IReadOnlyList<Usage> chosen, IEnumerable<Usage> present) => chosen.Count > 0 ? chosen
        : present.Where(part => part != Usage.Training).Distinct().ToArray() is [var only] ? [only] : [Usage.PublicTest];

    /// <summary>
    /// The task to evaluate: only faces and scores of its labels count, and the scores are renormalized to sum to 1. Its labels must be a
    /// subset of the model's. Default: the model's labels.
    /// </summary>
    public EmotionTask? Task { get; init; }

    /// <summary>Receives the number of processed faces. Default: none.</summary>
    public IProgress<int>? Progress { get; init; }
}
