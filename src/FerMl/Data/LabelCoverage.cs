namespace FerMl;

/// <summary>Warns, before work starts, of labels with too few faces for training or evaluation.</summary>
internal static class LabelCoverage
{
    /// <summary>Warnings about the training faces; none if each label has two or more.</summary>
    /// <param name="faces">All faces; only those of <see cref="Usage.Training"/> count.</param>
    /// <param name="task">The labels.</param>
    /// <param name="holdsOut">Whether some of the faces are held out for validation.</param>
    public static IEnumerable<string> OfTraining(FerDataset faces, EmotionTask task, bool holdsOut)
    {
        var counts = Counts(faces, task.Labels, usage => usage == Usage.Training);
        if (Named(counts, 0) is { } missing)
            yield return $"No training face is labeled {missing}: the network can't learn to predict that.";
        if (holdsOut && Named(counts, 1) is { } single)
            yield return $"Only one training face is labeled {single}: it can't be both trained on and held out for validation.";
    }

    /// <summary>A warning about the evaluation faces, or null.</summary>
    /// <param name="faces">All faces.</param>
    /// <param name="labels">The labels to evaluate.</param>
    /// <param name="usages">The usages to evaluate.</param>
    public static string? OfEvaluation(FerDataset faces, IEnumerable<string> labels, IReadOnlyCollection<Usage> usages) =>
        Named(Counts(faces, labels, usages.Contains), 0) is { } missing
            ? $"No face of {string.Join(" and ", usages)} is labeled {missing}: that can't be evaluated." : null;

    private static (string Label, int Count)[] Counts(
        FerDataset faces, IEnumerable<string> labels, Func<Usage, bool> isWanted)
    {
        var byLabel = faces.Samples.Where(face => isWanted(face.Usage)).CountBy(face => face.Label).ToDictionary();
        return [.. labels.Select(label => (label, byLabel.GetValueOrDefault(label)))];
    }

    private static string? Named((string Label, int Count)[] counts, int count)
    {
        string[] found = [.. counts.Where(label => label.Count == count).Select(label => label.Label)];
        return found.Length == 0 ? null : string.Join(" or ", found);
    }
}
