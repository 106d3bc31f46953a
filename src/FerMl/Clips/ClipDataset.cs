namespace FerMl;

/// <summary>Labeled clips.</summary>
public sealed class ClipDataset
{
    /// <summary>Makes a data set of clips.</summary>
    /// <param name="source">A name for where they come from.</param>
    /// <param name="clips">The clips, one or more.</param>
    /// <param name="remarks">What should be known of them: what was left out, and why.</param>
    /// <exception cref="FerDataException">There is none.</exception>
    public ClipDataset(string source, IReadOnlyList<FaceClip> clips, IReadOnlyList<string>? remarks = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(clips);
        (Source, Clips, Remarks) = (source, clips, remarks ?? []);
        if (clips.Count == 0)
            throw new FerDataException($"{source}: holds no clips.");
    }

    /// <summary>Where they come from.</summary>
    public string Source { get; }

    /// <summary>The clips.</summary>
    public IReadOnlyList<FaceClip> Clips { get; }

    /// <summary>What should be known of them: what was left out, and why.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>Those that fulfill a condition.</summary>
    /// <exception cref="FerDataException">None does.</exception>
    public ClipDataset Where(Func<FaceClip, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        FaceClip[] kept = [.. Clips.Where(predicate)];
        return kept.Length > 0 ? new ClipDataset(Source, kept, Remarks) : throw new FerDataException(
            $"{Source}: no clip is left after filtering; it has {string.Join(", ", Enum.GetValues<Usage>()
                .Select(usage => FormattableString.Invariant($"{Clips.Count(clip => clip.Usage == usage)} {usage}")))} clips.");
    }

    /// <summary>At most so many, drawn at random with the labels in proportion.</summary>
    /// <param name="count">How many; 1 or more.</param>
    /// <param name="seed">Seed of the draw.</param>
    public ClipDataset Limit(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count >= Clips.Count)
            return this;
        var drawn = Stratification.Draw([.. Clips.Select((clip, i) => (i, (int)clip.Emotion))], (double)count / Clips.Count, seed)
            .Take(count);
        return new ClipDataset(Source, [.. drawn.Select(i => Clips[i])], Remarks);
    }
}
