namespace FerMl;

/// <summary>A labeled clip: the same face in frame after frame. Frames are read when they are asked for.</summary>
public sealed class FaceClip
{
    private readonly Func<IReadOnlyList<byte[]>> _read;

    /// <summary>Makes a clip.</summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="emotion">The emotion that it shows.</param>
    /// <param name="usage">The part of the data that it belongs to.</param>
    /// <param name="read">Gives its frames, one or more, 2,304 pixel values each, of which only those that are needed are asked for; may be
    /// called by several threads.</param>
    public FaceClip(string name, Emotion emotion, Usage usage, Func<IReadOnlyList<byte[]>> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(read);
        _ = emotion.ToLabel();
        (Name, Emotion, Usage, _read) = (name, emotion, usage, read);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The emotion that it shows.</summary>
    public Emotion Emotion { get; }

    /// <summary>The part of the data that it belongs to.</summary>
    public Usage Usage { get; }

    /// <summary>
    /// Of a clip made of a still, that by which models know it again among those that their training held out
    /// (<see cref="ModelCard.HeldOut"/>); else null.
    /// </summary>
    internal string? StillKey { get; init; }

    /// <summary>Its frames in order, 2,304 pixel values each.</summary>
    /// <exception cref="FerDataException">It has none, or one of another size, or they can't be read.</exception>
    public IReadOnlyList<byte[]> ReadFrames() => Read(frames => frames);

    /// <summary>So many of its frames, from everywhere in it; where it has fewer, some of them more than once.</summary>
    /// <param name="count">How many; 1 or more.</param>
    /// <exception cref="FerDataException">They can't be read.</exception>
    public IReadOnlyList<byte[]> ReadFrames(int count) => Read(frames => Spread(frames, count));

    private byte[][] Read(Func<IReadOnlyList<byte[]>, IReadOnlyList<byte[]>> choose)
    {
        try
        {
            // Frames that lie in files are read here, those that are chosen only.
            byte[][] frames = _read() is { Count: > 0 } all ? [.. choose(all)] : [];
            return frames.Length > 0 && Array.TrueForAll(frames, frame => frame.Length == FaceResampler.PixelCount) ? frames
                : throw new FerDataException(
                    $"{Name}: a clip has one frame or more of {FaceResampler.PixelCount.Grouped()} pixel values each.");
        }
        catch (Exception e) when (e is FaceImageException or IOException or UnauthorizedAccessException)
        {
            throw new FerDataException($"{Name}: {e.Message}", e);
        }
    }

    /// <summary>So many items, from everywhere in a list: the middle of each of as many equal parts of it.</summary>
    internal static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> items, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count).Select(i => items[(int)((2L * i + 1) * items.Count / (2L * count))])];
    }
}
