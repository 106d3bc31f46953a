using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FerMl;

/// <summary>The text labels of the emotions, and the spellings that data sets use for them.</summary>
public static class EmotionNames
{
    /// <summary>The labels of all emotions, in the order of their codes.</summary>
    internal static ImmutableArray<string> All { get; } =
        ["anger", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt"];

    /// <summary>The labels of all emotions as a list, for messages.</summary>
    internal static string List { get; } = string.Join(", ", All);

    private static readonly FrozenDictionary<string, Emotion> Spellings = new Dictionary<string, Emotion>
    {
        ["anger"] = Emotion.Anger,
        ["angry"] = Emotion.Anger,
        ["disgust"] = Emotion.Disgust,
        ["disgusted"] = Emotion.Disgust,
        ["fear"] = Emotion.Fear,
        ["fearful"] = Emotion.Fear,
        ["afraid"] = Emotion.Fear,
        ["scared"] = Emotion.Fear,
        ["happy"] = Emotion.Happy,
        ["happiness"] = Emotion.Happy,
        ["joy"] = Emotion.Happy,
        ["sad"] = Emotion.Sad,
        ["sadness"] = Emotion.Sad,
        ["surprise"] = Emotion.Surprise,
        ["surprised"] = Emotion.Surprise,
        ["suprise"] = Emotion.Surprise,
        ["neutral"] = Emotion.Neutral,
        ["neutrality"] = Emotion.Neutral,
        ["contempt"] = Emotion.Contempt,
        ["contemptuous"] = Emotion.Contempt,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The emotion's label in models and results: its name in lower case, such as <c>happy</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't an emotion.</exception>
    public static string ToLabel(this Emotion emotion) => (uint)emotion < (uint)All.Length
        ? All[(int)emotion]
        : throw new ArgumentOutOfRangeException(nameof(emotion), emotion, $"An emotion's code is 0 to {All.Length - 1}.");

    /// <summary>
    /// Parses an emotion in any common spelling (angry or anger, happy or happiness, surprised or surprise, ...), ignoring case.
    /// </summary>
    /// <returns>Whether <paramref name="text"/> names an emotion.</returns>
    public static bool TryParse(string? text, out Emotion emotion)
    {
        emotion = default;
        return text is not null && Spellings.TryGetValue(text.Trim(), out emotion);
    }
}
