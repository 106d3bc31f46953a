using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FerMl;

/// <summary>Maps former names of options and layers to current ones, so that files of earlier versions still load.</summary>
internal static partial class FormerNames
{
    private static readonly (string Former, string Current)[] Options =
    [
        ("StartSide", "InitialImageSize"), ("WeightAverageDecay", "EmaDecay"), ("Averaging", "TestTimeAugmentation"),
    ];

    private static readonly (string Former, string Current)[] CardEntries =
        [("averaging", "testTimeAugmentation"), ("startedFrom", "initializedFrom")];

    /// <summary>The current name of an option, in the casing of the given name (Pascal or camel case).</summary>
    public static string Option(string name)
    {
        var current = Options.FirstOrDefault(option => option.Former.Equals(name, StringComparison.OrdinalIgnoreCase)).Current;
        return current is null ? name : char.IsLower(name[0]) ? JsonNamingPolicy.CamelCase.ConvertName(current) : current;
    }

    /// <summary>Renames the entries of a model's card, and of an ensemble's member cards, to their current names.</summary>
    public static JsonObject Card(JsonObject card)
    {
        foreach (var (former, current) in CardEntries)
            if (card.Remove(former, out var value) && !card.ContainsKey(current))
                card[current] = value;
        if (card["members"] is JsonArray members)
            foreach (var member in members.OfType<JsonObject>())
                Card(member);
        return card;
    }

    /// <summary>Recorded options with their current names.</summary>
    public static JsonObject Recipe(JsonObject options)
    {
        var current = new JsonObject();
        foreach (var (name, value) in options)
            current[Option(name)] = value?.DeepClone();
        return current;
    }

    /// <summary>A layer's description in current wording.</summary>
    public static string Layer(string text) => CommaOfRate().Replace(text, "$1.$2")
        .Replace("with a way around it", "with a skip connection", StringComparison.Ordinal)
        .Replace("normalisation", "normalization", StringComparison.Ordinal);

    /// <summary>A dropout rate that was written with a decimal comma.</summary>
    [GeneratedRegex(@"(dropout \d+),(\d)")]
    private static partial Regex CommaOfRate();
}
