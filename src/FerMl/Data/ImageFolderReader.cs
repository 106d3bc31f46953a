namespace FerMl;

/// <summary>Reads images in folders named by emotion, inside folders named by usage: <c>train/happy/12.png</c>.</summary>
internal static class ImageFolderReader
{
    public static void Read(IReadOnlyList<ImageEntry> entries, FerDatasetBuilder builder)
    {
        if (entries.Count == 0)
            throw new FerDataException(
                $"{builder.Source}: no image ({string.Join(", ", ImageDecoder.Extensions)}) in it or below; expected "
                    + $"<label>/*.png or train/<label>/*.png.");
        builder.Expect(entries.Count);
        var label = builder.Labels.ForFolders(entries.Select(entry => Parts(entry) is [.., var folder, _] ? folder : "").Distinct());
        for (var i = 0; i < entries.Count; i++)
        {
            Read(entries[i], label, builder);
            if (i % 256 == 0)
                builder.Options.Progress?.Report((double)i / entries.Count);
        }
    }

    /// <summary>Whether a folder has images in several folders, none of which is named by an emotion or a number.</summary>
    public static bool HasOnlyCustomLabels(string folder)
    {
        string[] names = [.. new ImageFolder(folder).Images.Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Distinct()];
        return names.Length > 1 && !names.Any(name => name.All(char.IsAsciiDigit)
            || EmotionNames.TryParse(LabelReader.WithoutNumber(name), out _));
    }

    private static string[] Parts(ImageEntry entry) => entry.Path.Replace('\\', '/').Split('/');

    private static void Read(ImageEntry entry, Func<string, (bool IsKnown, Emotion? Emotion)> label, FerDatasetBuilder builder)
    {
        var name = entry.Name.Replace('\\', '/');
        var parts = Parts(entry);
        var (isKnown, read) = parts.Length < 2 ? default : label(parts[^2]);
        if (!isKnown)
        {
            builder.Problems.Add(new DataProblem(name, 0, "", parts.Length < 2
                ? $"is in no folder; expected one named by emotion: {EmotionNames.List}"
                : parts[^2].All(char.IsAsciiDigit)
                ? $"is in folder '{parts[^2]}', an ambiguous number (FER2013 counts from 0 to 6, RAF-DB from 1 to 7, others otherwise)"
                : $"is in folder '{parts[^2]}'; expected one named by emotion: {EmotionNames.List}"),
                LabelReader.Remedy);
            return;
        }
        if (read is not { } emotion)
        {
            builder.Labels.CountIgnored();
            return;
        }
        builder.AddImage(entry, name, emotion, UsageOf(parts));
    }

    public static Usage UsageOf(string[] parts)
    {
        if (parts[^1].StartsWith("PublicTest_", StringComparison.OrdinalIgnoreCase))
            return Usage.PublicTest;
        if (parts[^1].StartsWith("PrivateTest_", StringComparison.OrdinalIgnoreCase))
            return Usage.PrivateTest;
        return parts.Length > 2 && UsageNames.TryParse(parts[^3], out var usage) ? usage : Usage.Training;
    }
}
