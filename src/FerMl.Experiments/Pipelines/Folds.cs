using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>
/// The splits for scoring pipelines: one stratified hold-out for many faces, stratified cross-validation for few, repeated for very few to
/// reduce noise.
/// </summary>
internal sealed record Folds(IReadOnlyList<int[]> HeldOut, int Repeats)
{
    /// <summary>Minimum number of faces for a single hold-out of a fifth.</summary>
    public const int HoldOutFrom = 2_000;

    private const int MaxFolds = 5;
    private const double HoldOutShare = 0.2;

    /// <summary>Whether each face is held out in a fold.</summary>
    public bool IsCrossValidation => HeldOut.Count > 1;

    /// <summary>A description for reports.</summary>
    public string Description => !IsCrossValidation ? "a fifth of the faces held out"
        : $"{HeldOut.Count / Repeats}-fold cross-validation{(Repeats > 1 ? $", {Repeats} times" : "")}";

    /// <summary>Splits faces.</summary>
    /// <param name="labels">The label of each face; every label occurs at least twice.</param>
    /// <param name="seed">The random seed.</param>
    public static Folds Of(IReadOnlyList<int> labels, int seed)
    {
        if (labels.Count >= HoldOutFrom)
            return new Folds([Stratification.Draw([.. labels.Select((label, i) => (i, label))], HoldOutShare, seed)], 1);
        var repeats = labels.Count < 100 ? 4 : labels.Count < 500 ? 2 : 1;
        var folds = Math.Min(MaxFolds, labels.CountBy(label => label).Min(label => label.Value));
        return new Folds([.. Enumerable.Range(0, repeats).SelectMany(repeat => Deal(labels, folds, seed, repeat))], repeats);
    }

    /// <summary>Deals the shuffled faces, label by label, to the folds in turn, so that fold sizes differ by at most one.</summary>
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
