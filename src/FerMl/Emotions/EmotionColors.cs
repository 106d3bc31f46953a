namespace FerMl;

/// <summary>A color for each emotion, the same in all images, and colors for other labels.</summary>
internal static class EmotionColors
{
    // Okabe and Ito, "Color Universal Design" (2008): distinguishable with color blindness.
    private static readonly Dictionary<string, string> Colors = new()
    {
        ["anger"] = "#d55e00",
        ["disgust"] = "#009e73",
        ["fear"] = "#cc79a7",
        ["happy"] = "#e69f00",
        ["sad"] = "#0072b2",
        ["surprise"] = "#56b4e9",
        ["neutral"] = "#8c8c8c",
        // Their eighth color is black, which is the text color here. Brewer's dark purple ("PuOr", 2003) is as distinct.
        ["contempt"] = "#5e3c99",
    };

    private static readonly string[] Others = [.. Colors.Values];

    /// <summary>The color of a label.</summary>
    /// <param name="label">The label.</param>
    /// <param name="labels">All labels in the image: labels that aren't emotions get colors by their index.</param>
    public static string Of(string label, IReadOnlyList<string> labels)
    {
        if (Colors.TryGetValue(label, out var color))
            return color;
        var place = labels.Where(other => !Colors.ContainsKey(other)).ToList().IndexOf(label);
        return place < 0 ? "#3c3c3c" : Others[place % Others.Length];
    }
}
