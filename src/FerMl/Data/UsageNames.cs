namespace FerMl;

/// <summary>The names of usages in folders and tables.</summary>
internal static class UsageNames
{
    private static readonly Dictionary<string, Usage> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["training"] = Usage.Training,
        ["train"] = Usage.Training,
        ["fer2013train"] = Usage.Training,
        ["publictest"] = Usage.PublicTest,
        ["validation"] = Usage.PublicTest,
        ["valid"] = Usage.PublicTest,
        ["val"] = Usage.PublicTest,
        ["dev"] = Usage.PublicTest,
        ["fer2013valid"] = Usage.PublicTest,
        ["privatetest"] = Usage.PrivateTest,
        ["test"] = Usage.PrivateTest,
        ["testing"] = Usage.PrivateTest,
        ["fer2013test"] = Usage.PrivateTest,
    };

    /// <summary>Parses a name, ignoring case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Usage usage) =>
        Names.TryGetValue(text.Trim().ToString(), out usage);
}
