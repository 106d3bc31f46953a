namespace FerMl;

/// <summary>Reads images in folders named by emotion, which stand in folders named by usage: <c>train/happy/12.png</c>.</summary>
internal static class ImageFolderReader
{
    public static void Read(IReadOnlyList<ImageEntry> entries, FerDatasetBuilder builder)
    {
        if (entries.Count == 0)
            throw new FerDataException(
                $"{builder.Source}: no image ({string.Join(", ", FaceImageDecoder.Extensions)}) in it or below; expected "
                    + $"train/<emotion>/*.png.");
        builder.Expect(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            Read(entries[i], builder);
            if (i % 256 == 0)
                builder.Options.Progress?.Report((double)i / entries.Count);
        }
    }

    private static void Read(ImageEntry entry, FerDatasetBuilder builder)
    {
        var name = entry.Name.Replace('\\', '/');
        var parts = entry.Path.Replace('\\', '/').Split('/');
        if (parts.Length < 2 || !EmotionNames.TryParse(parts[^2], out var emotion))
        {
            var folder = parts.Length < 2 ? "no folder" : $"folder '{parts[^2]}'";
            builder.Problems.Add(
                new DataProblem(name, 0, "",
                    $"stands in {folder}; expected one named by emotion: {string.Join(", ", EmotionTask.Seven.Labels)}"));
            return;
        }
        try
        {
            using var stream = entry.Open();
            FaceImageDecoder.Decode(stream, name, builder.NextPixels());
            builder.Add(emotion, UsageOf(parts), row: -1, name);
        }
        catch (Exception e) when (e is FaceImageException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            var prefix = $"{name}: ";
            builder.Problems.Add(
                new DataProblem(name, 0, "", e.Message.StartsWith(prefix, StringComparison.Ordinal) ? e.Message[prefix.Length..]
                    : e.Message));
        }
    }

    private static Usage UsageOf(string[] parts)
    {
        if (parts[^1].StartsWith("PublicTest_", StringComparison.OrdinalIgnoreCase))
            return Usage.PublicTest;
        if (parts[^1].StartsWith("PrivateTest_", StringComparison.OrdinalIgnoreCase))
            return Usage.PrivateTest;
        return parts.Length < 3 ? Usage.Training : parts[^3].ToLowerInvariant() switch
        {
            "validation" or "valid" or "val" or "dev" or "publictest" => Usage.PublicTest,
            "test" or "testing" or "privatetest" => Usage.PrivateTest,
            _ => Usage.Training,
        };
    }
}
