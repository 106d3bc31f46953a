using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>
/// How faces are divided to score pipelines: many are held out once, few are cross-validated, the labels in proportion, and fewer several
/// times over, so that chance decides less.
/// </summary>
internal sealed record Folds(IReadOnlyList<int[]> HeldOut, int Repeats)
{
    /// <summary>From so many faces on a fifth is held out once.</summary>
    public const int HoldOutFrom = 2_000;

    private const int MaxFolds = 5;
    private const double HoldOutShare = 0.2;

    /// <summary>Whether each face is held out in some fold.</summary>
    public bool IsCrossValidation => HeldOut.Count > 1;

    /// <summary>What was done, for people.</summary>
    public string Description => !IsCrossValidation ? "a fifth of the faces held out"
        : $"{HeldOut.Count / Repeats}-fold cross-validation{(Repeats > 1 ? $", {Repeats} times" : "")}";

    /// <summary>Divides faces.</summary>
    /// <param name="labels">The label of each; every label two times or more.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static Folds Of(IReadOnlyList<int> labels, int seed)
    {
        if (labels.Count >= HoldOutFrom)
            return new Folds([Stratification.Draw([.. labels.Select((label, i) => (i, label))], HoldOutShare, seed)], 1);
        var repeats = labels.Count < 100 ? 4 : labels.Count < 500 ? 2 : 1;
        var folds = Math.Min(MaxFolds, labels.CountBy(label => label).Min(label => label.Value));
        return new Folds([.. Enumerable.Range(0, repeats).SelectMany(repeat => Deal(labels, folds, seed, repeat))], repeats);
    }

    /// <summary>Deals the shuffled faces of one label after the other like cards, so that folds differ by one face at most.</summary>
    private static IEnumerable<int[]> Deal(IReadOnlyList<int> labels, int folds, int seed, int repeat)
    {
        var random = new RandomStream(seed, RandomPurpose.Folds, repeat);
        var dealt = Enumerable.Range(0, folds).Select(_ => new List<int>()).ToArray();
        var next = 0;
        foreach (var group in Enumerable.Range(0, labels.Count).GroupBy(i => labels[i]).OrderBy(group => group.Key))
        {
            int[] faces = [.. group];
            random.Shuffle<int>(faces);
            foreach (var face in faces)
                dealt[next++ % folds].Add(face);
        }
        return dealt.Select(fold => fold.Order().ToArray());
    }
}
