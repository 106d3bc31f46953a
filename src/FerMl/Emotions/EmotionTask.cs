using System.Collections.Immutable;

namespace FerMl;

/// <summary>
/// The classes of a model: the seven emotions of FER2013, the eight of FER+, the paper's three, any other subset, or custom labels. The
/// task defines a model's labels, with emotions in the order of their codes, regardless of which labels occur in the data.
/// </summary>
public sealed class EmotionTask : IEquatable<EmotionTask>
{
    private EmotionTask(IEnumerable<string> labels) => (Name, Emotions, Labels) = (string.Join(',', labels), [], [.. labels]);

    private EmotionTask(string name, IEnumerable<Emotion> emotions)
    {
        Name = name;
        Emotions = [.. emotions];
        Labels = [.. Emotions.Select(emotion => emotion.ToLabel())];
    }

    /// <summary>FER2013's seven emotions.</summary>
    public static EmotionTask Seven { get; } = new("seven",
        [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happy, Emotion.Sad, Emotion.Surprise, Emotion.Neutral]);

    /// <summary>FER+'s eight emotions: FER2013's seven and contempt.</summary>
    public static EmotionTask Eight { get; } = new("eight", [.. Seven.Emotions, Emotion.Contempt]);

    /// <summary>The paper's three emotions: happy, sad and neutral.</summary>
    public static EmotionTask Three { get; } = new("three", [Emotion.Happy, Emotion.Sad, Emotion.Neutral]);

    /// <summary><c>seven</c>, <c>eight</c>, <c>three</c>, or the labels joined by commas.</summary>
    public string Name { get; }

    /// <summary>The emotions in the order of their codes, which is the order of a model's scores; empty for custom labels.</summary>
    public ImmutableArray<Emotion> Emotions { get; }

    /// <summary>The labels of <see cref="Emotions"/>, in the same order, or custom ones.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>The task with the given emotions as classes, in any order.</summary>
    /// <exception cref="ArgumentException">There are fewer than two emotions, or duplicates.</exception>
    public static EmotionTask Of(params IEnumerable<Emotion> emotions)
    {
        ArgumentNullException.ThrowIfNull(emotions);
        var given = emotions.ToArray();
        foreach (var emotion in given)
            _ = emotion.ToLabel();
        if (given.Distinct().Count() != given.Length)
            throw new ArgumentException("An emotion is named twice in the task; name each once.", nameof(emotions));
        if (given.Length < 2)
            throw new ArgumentException($"A task needs at least two emotions; {given.Length} given.", nameof(emotions));
        Array.Sort(given);
        foreach (var known in (ReadOnlySpan<EmotionTask>)[Seven, Eight, Three])
            if (known.Emotions.SequenceEqual(given))
                return known;
        return new EmotionTask(string.Join(',', given.Select(emotion => emotion.ToLabel())), given);
    }

    /// <summary>The task with the given labels: emotions if all labels are emotions, otherwise custom labels in the given order.</summary>
    /// <exception cref="ArgumentException">There are fewer than two labels, duplicates, or an empty label.</exception>
    public static EmotionTask OfLabels(params IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var given = labels.ToArray();
        if (given.FirstOrDefault(string.IsNullOrWhiteSpace) is not null || given.Contains(null!))
            throw new ArgumentException("A label of the task is empty.", nameof(labels));
        if (given.GroupBy(label => label, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The label '{twice.Key}' is twice in the task; name each once.", nameof(labels));
        if (given.Length < 2)
            throw new ArgumentException($"A task needs at least two labels; {given.Length} given.", nameof(labels));
        return given.All(label => EmotionNames.TryParse(label, out _))
            ? Of(given.Select(label => EmotionNames.TryParse(label, out var emotion) ? emotion : default))
            : new EmotionTask(given);
    }

    /// <summary>Parses <c>seven</c>, <c>eight</c>, <c>three</c>, or emotions separated by commas, such as <c>happy,sad,anger</c>.</summary>
    /// <exception cref="FormatException">The text isn't a task; the message says what is valid.</exception>
    public static EmotionTask Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        switch (text.Trim().ToLowerInvariant())
        {
            case "seven" or "7": return Seven;
            case "eight" or "8": return Eight;
            case "three" or "3": return Three;
        }
        var emotions = text.Split(',').Select(part => EmotionNames.TryParse(part, out var emotion)
            ? emotion
            : throw new FormatException(
                $"'{part.Trim()}' isn't a task: use seven, eight, three, or a list such as happy,sad,neutral of "
                    + $"{EmotionNames.List}."));
        try
        {
            return Of(emotions);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{text}' isn't a task: {e.Message.Split(" (Parameter")[0]}", e);
        }
    }

    /// <summary>The index of an emotion in the scores, or -1 if the task lacks it.</summary>
    public int IndexOf(Emotion emotion) => Emotions.IndexOf(emotion);

    /// <summary>Whether the task has this emotion.</summary>
    public bool Contains(Emotion emotion) => IndexOf(emotion) >= 0;

    /// <summary>Whether the task has this label.</summary>
    public bool Contains(string label) => Labels.Contains(label);

    /// <inheritdoc/>
    public bool Equals(EmotionTask? other) => other is not null && Labels.SequenceEqual(other.Labels);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EmotionTask);

    /// <inheritdoc/>
    public override int GetHashCode() => Labels.Aggregate(0, (hash, label) => HashCode.Combine(hash, label));

    /// <summary>The task's name and labels.</summary>
    public override string ToString() => $"{Name} ({string.Join(", ", Labels)})";
}
