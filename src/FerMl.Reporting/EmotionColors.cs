namespace FerMl.Reporting;

/// <summary>One color for each emotion, the same in all images.</summary>
internal static class EmotionColors
{
    // Okabe and Ito, "Color Universal Design" (2008): told apart by color-blind people too.
    private static readonly Dictionary<string, string> Colors = new()
    {
        ["anger"] = "#d55e00",
        ["disgust"] = "#009e73",
        ["fear"] = "#cc79a7",
        ["happy"] = "#e69f00",
        ["sad"] = "#0072b2",
        ["surprise"] = "#56b4e9",
        ["neutral"] = "#8c8c8c",
        // Their eighth color is black, which is the color of text here; Brewer's dark purple ("PuOr", 2003) is as far from the others.
        ["contempt"] = "#5e3c99",
    };

    /// <summary>Whether a label is an emotion that has a color.</summary>
    public static bool IsKnown(string label) => Colors.ContainsKey(label);

    public static string Of(string label) => Colors.GetValueOrDefault(label, "#3c3c3c");
}
