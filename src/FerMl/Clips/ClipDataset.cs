namespace FerMl;

/// <summary>A data set of labeled clips.</summary>
public sealed class ClipDataset
{
    /// <summary>Creates a data set of clips.</summary>
    /// <param name="source">A name for their source.</param>
    /// <param name="clips">The clips, one or more.</param>
    /// <param name="remarks">Remarks on the clips: what was left out, and why.</param>
    /// <exception cref="FerDataException">There are no clips.</exception>
    public ClipDataset(string source, IReadOnlyList<FaceClip> clips, IReadOnlyList<string>? remarks = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(clips);
        (Source, Clips, Remarks) = (source, clips, remarks ?? []);
        if (clips.Count == 0)
            throw new FerDataException($"{source}: holds no clips.");
    }

    /// <summary>Name of the clips' source.</summary>
    public string Source { get; }

    /// <summary>The clips.</summary>
    public IReadOnlyList<FaceClip> Clips { get; }

    /// <summary>Remarks on the clips: what was left out, and why.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>The clips that satisfy a condition.</summary>
    /// <exception cref="FerDataException">No clip satisfies it.</exception>
    public ClipDataset Where(Func<FaceClip, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        FaceClip[] kept = [.. Clips.Where(predicate)];
        return kept.Length > 0 ? new ClipDataset(Source, kept, Remarks) : throw new FerDataException(
            $"{Source}: no clip is left after filtering; it has {string.Join(", ", Enum.GetValues<Usage>()
                .Select(usage => FormattableString.Invariant($"{Clips.Count(clip => clip.Usage == usage)} {usage}")))} clips.");
    }

    /// <summary>A stratified random sample of the clips.</summary>
    /// <param name="count">The maximum number of clips; 1 or more.</param>
    /// <param name="seed">Random seed.</param>
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
