using System.Collections.Frozen;

namespace FerMl;

/// <summary>The names that folders and tables have for the parts of a data set.</summary>
internal static class UsageNames
{
    private static readonly FrozenDictionary<string, Usage> Names = new Dictionary<string, Usage>
    {
        ["training"] = Usage.Training, ["train"] = Usage.Training, ["fer2013train"] = Usage.Training,
        ["publictest"] = Usage.PublicTest, ["validation"] = Usage.PublicTest, ["valid"] = Usage.PublicTest, ["val"] = Usage.PublicTest,
        ["dev"] = Usage.PublicTest, ["fer2013valid"] = Usage.PublicTest,
        ["privatetest"] = Usage.PrivateTest, ["test"] = Usage.PrivateTest, ["testing"] = Usage.PrivateTest,
        ["fer2013test"] = Usage.PrivateTest,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a name, in any case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Usage usage) =>
        Names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text.Trim(), out usage);
}
