using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>A face in a photograph with a clear emotion.</summary>
/// <param name="Place">Its position.</param>
/// <param name="Group">The group it is counted in: its emotion, or "slight" for a slight smile.</param>
/// <param name="Accepted">The labels that count as correct.</param>
internal sealed record PhotoEmotion(PhotoFace Place, string Group, IReadOnlyList<string> Accepted);

/// <summary>The emotions of faces in photographs: a table <c>emotions.csv</c> in the same folder.</summary>
internal static class PhotoEmotions
{
    public const string FileName = "emotions.csv";

    /// <summary>A slight smile, for which happy and neutral are correct.</summary>
    public const string Slight = "slight";

    /// <summary>
    /// Reads the table of a folder, with columns file, x, y, width, height, emotion. The emotion is a label, several accepted labels
    /// separated by slashes, or <see cref="Slight"/>.
    /// </summary>
    /// <exception cref="VisionException">The table is missing or invalid.</exception>
    public static IReadOnlyDictionary<string, List<PhotoEmotion>> Load(string folder)
    {
        return PhotoTable.Load<PhotoEmotion>(
            folder, FileName, "the emotions in them", ["file", "x", "y", "width", "height", "emotion"], (row, line, place) =>
        {
            var (group, accepted) = Emotion(row.Text("emotion", line), place);
            return new PhotoEmotion(PhotoTable.Face(row, line), group, accepted);
        });
    }

    private static (string Group, string[] Accepted) Emotion(string text, string place)
    {
        if (text == Slight)
            return (Slight, [FerMl.Emotion.Happy.ToLabel(), FerMl.Emotion.Neutral.ToLabel()]);
        string[] accepted = [.. text.Split('/').Select(name => EmotionNames.TryParse(name, out var emotion) ? emotion.ToLabel()
            : throw new VisionException(
                $"{place}, column emotion: '{CsvTable.Shorten(name)}'; expected {EmotionNames.List}, several "
                    + $"with a slash between them, or {Slight}."))];
        return (accepted[0], accepted);
    }
}
