namespace FerMl;

/// <summary>A labeled clip: a sequence of frames of one face. Frames are read lazily.</summary>
public sealed class FaceClip
{
    private readonly Func<IReadOnlyList<byte[]>> _read;

    /// <summary>Creates a clip.</summary>
    /// <param name="name">The clip's name in error messages.</param>
    /// <param name="emotion">The emotion that it shows.</param>
    /// <param name="usage">The part of the data that it belongs to.</param>
    /// <param name="read">Returns the clip's frames, one or more, 2,304 pixel values each. Only the required frames are accessed. It may be
    /// called from several threads.</param>
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
    /// For a clip made from a still image, the hash that identifies it in the validation split of a model's training
    /// (<see cref="ModelCard.HeldOut"/>); otherwise null.
    /// </summary>
    internal string? StillKey { get; init; }

    /// <summary>Reads all frames in order, 2,304 pixel values each.</summary>
    /// <exception cref="FerDataException">There are no frames, one has another size, or they can't be read.</exception>
    public IReadOnlyList<byte[]> ReadFrames() => Read(frames => frames);

    /// <summary>Reads a number of frames, sampled evenly from the clip; if it has fewer, some are repeated.</summary>
    /// <param name="count">Number of frames; 1 or more.</param>
    /// <exception cref="FerDataException">The frames can't be read.</exception>
    public IReadOnlyList<byte[]> ReadFrames(int count) => Read(frames => Spread(frames, count));

    private byte[][] Read(Func<IReadOnlyList<byte[]>, IReadOnlyList<byte[]>> choose)
    {
        try
        {
            // Frames in files are read here, and only the chosen ones.
            byte[][] frames = _read() is { Count: > 0 } all ? [.. choose(all)] : [];
            return frames.Length > 0 && Array.TrueForAll(frames, frame => frame.Length == FaceResampler.PixelCount) ? frames
                : throw new FerDataException(
                    $"{Name}: a clip needs at least one frame of {FaceResampler.PixelCount.Grouped()} pixel values each.");
        }
        catch (Exception e) when (e is FaceImageException or IOException or UnauthorizedAccessException)
        {
            throw new FerDataException($"{Name}: {e.Message}", e);
        }
    }

    /// <summary>Samples a list evenly: the middle item of each of as many equal parts.</summary>
    internal static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> items, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count).Select(i => items[(int)((2L * i + 1) * items.Count / (2L * count))])];
    }
}
