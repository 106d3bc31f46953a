namespace FerMl;

/// <summary>What <see cref="EmotionEvaluation.Run"/> evaluates.</summary>
public sealed record EvaluationOptions
{
    /// <summary>
    /// The usages whose faces are evaluated. Default: none, which is PublicTest; where the data have no faces of that, but of one other
    /// test part, as folders train and test do, it is that part.
    /// </summary>
    public IReadOnlyList<Usage> Usages { get; init; } = [];

    /// <summary>Which parts are meant.</summary>
    /// <param name="chosen">Those that were asked for; none for the usual.</param>
    /// <param name="present">The parts that the data have.</param>
    internal static IReadOnlyList<Usage> UsagesOf(IReadOnlyList<Usage> chosen, IEnumerable<Usage> present) => chosen.Count > 0 ? chosen
        : present.Where(part => part != Usage.Training).Distinct().ToArray() is [var only] ? [only] : [Usage.PublicTest];

    /// <summary>
    /// The task to score: the faces and the scores of its labels alone, the scores made to sum to 1 again. It may have fewer labels
    /// than the model, not others. Default: the model's own.
    /// </summary>
    public EmotionTask? Task { get; init; }

    /// <summary>Receives the number of faces done. Default: none.</summary>
    public IProgress<int>? Progress { get; init; }
}
