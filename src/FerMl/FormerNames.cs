using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FerMl;

/// <summary>What options and layers were called in files of earlier versions, so that those still open.</summary>
internal static partial class FormerNames
{
    private static readonly (string Former, string Current)[] Options =
    [
        ("StartSide", "InitialImageSize"), ("WeightAverageDecay", "EmaDecay"), ("Averaging", "TestTimeAugmentation"),
    ];

    private static readonly (string Former, string Current)[] CardEntries =
        [("averaging", "testTimeAugmentation"), ("startedFrom", "initializedFrom")];

    /// <summary>The name that an option has now, in Pascal or camel case as it was given.</summary>
    public static string Option(string name)
    {
        var current = Options.FirstOrDefault(option => option.Former.Equals(name, StringComparison.OrdinalIgnoreCase)).Current;
        return current is null ? name : char.IsLower(name[0]) ? JsonNamingPolicy.CamelCase.ConvertName(current) : current;
    }

    /// <summary>A model's card, and those of an ensemble's members, with the names that its entries have now.</summary>
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

    /// <summary>Recorded options with the names that they have now.</summary>
    public static JsonObject Recipe(JsonObject options)
    {
        var current = new JsonObject();
        foreach (var (name, value) in options)
            current[Option(name)] = value?.DeepClone();
        return current;
    }

    /// <summary>A layer's text as it is written now.</summary>
    public static string Layer(string text) => CommaOfRate().Replace(text, "$1.$2")
        .Replace("with a way around it", "with a skip connection", StringComparison.Ordinal)
        .Replace("normalisation", "normalization", StringComparison.Ordinal);

    /// <summary>A dropout rate as it was written where numbers have commas.</summary>
    [GeneratedRegex(@"(dropout \d+),(\d)")]
    private static partial Regex CommaOfRate();
}
