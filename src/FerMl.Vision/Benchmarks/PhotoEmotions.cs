using System.Text;
using Sylvan.Data.Csv;

namespace FerMl.Vision;

/// <summary>A face in a photograph whose emotion is plain to see.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Group">What it is counted under: its emotion, or "slight" for a slight smile.</param>
/// <param name="Accepted">The labels that are right.</param>
internal sealed record PhotoEmotion(PhotoFace Place, string Group, IReadOnlyList<string> Accepted);

/// <summary>The emotions of faces in photographs: a table <c>emotions.csv</c> beside them.</summary>
internal static class PhotoEmotions
{
    public const string FileName = "emotions.csv";

    /// <summary>A slight smile: happy and neutral are right.</summary>
    public const string Slight = "slight";

    private const int BufferLength = 1 << 14, MaxRows = 1_000_000;

    /// <summary>
    /// Reads the table of a folder: columns file, x, y, width, height, emotion. The emotion is a label, several with a slash between them
    /// where each is right, or <see cref="Slight"/>.
    /// </summary>
    /// <exception cref="VisionException">It is missing, no such table, or a row is wrong.</exception>
    public static IReadOnlyDictionary<string, List<PhotoEmotion>> Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new VisionException(
                $"{path}: no such file; give a folder of photographs with a table of the emotions in them (file, x, y, width, height, "
                    + $"emotion).");
        var line = 1;
        try
        {
            using var text = new StreamReader(path, Encoding.UTF8);
            using var csv = CsvTable.Open(text, BufferLength);
            var row = new CsvRow(csv, path);
            if (!((string[])["file", "x", "y", "width", "height", "emotion"]).All(row.Has))
                throw row.WrongColumns("file, x, y, width, height, emotion");
            var photos = new SortedDictionary<string, List<PhotoEmotion>>(StringComparer.Ordinal);
            while (csv.Read())
            {
                if (++line > MaxRows)
                    throw new VisionException($"{path}: more than {MaxRows.Grouped()} rows.");
                var file = row.Text("file", line);
                if (!photos.TryGetValue(file, out var faces))
                    photos.Add(file, faces = []);
                var (group, accepted) = Emotion(row.Text("emotion", line), $"{path}, line {line}");
                faces.Add(new PhotoEmotion(
                    new PhotoFace(
                        row.Number("x", line, -1e6), row.Number("y", line, -1e6), row.Number("width", line, 1),
                        row.Number("height", line, 1), IsSure: true, Roll: 0, Yaw: 0),
                    group, accepted));
            }
            return photos.Count > 0 ? photos : throw new VisionException($"{path}: a table without rows.");
        }
        catch (Exception e) when (e is CsvRecordTooLargeException or CsvFormatException or FerDataException)
        {
            throw new VisionException($"{path}, line {line + 1}: not a table of emotions: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VisionException($"{path}: the emotions can't be read: {e.Message}", e);
        }
    }

    private static (string Group, string[] Accepted) Emotion(string text, string place)
    {
        if (text == Slight)
            return (Slight, [FerMl.Emotion.Happy.ToLabel(), FerMl.Emotion.Neutral.ToLabel()]);
        string[] accepted = [.. text.Split('/').Select(name => EmotionNames.TryParse(name, out var emotion) ? emotion.ToLabel()
            : throw new VisionException(
                $"{place}, column emotion: '{CsvTable.Shorten(name)}'; expected {string.Join(", ", EmotionTask.Eight.Labels)}, several "
                    + $"with a slash between them, or {Slight}."))];
        return (accepted[0], accepted);
    }
}
