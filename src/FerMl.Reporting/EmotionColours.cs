namespace FerMl.Reporting;

/// <summary>One colour for each emotion, the same in all pictures.</summary>
internal static class EmotionColours
{
    // Okabe and Ito, "Color Universal Design" (2008): told apart by colour-blind people too.
    private static readonly Dictionary<string, string> Colours = new()
    {
        ["anger"] = "#d55e00",
        ["disgust"] = "#009e73",
        ["fear"] = "#cc79a7",
        ["happy"] = "#e69f00",
        ["sad"] = "#0072b2",
        ["surprise"] = "#56b4e9",
        ["neutral"] = "#8c8c8c",
    };

    public static string Of(string label) => Colours.GetValueOrDefault(label, "#3c3c3c");
}
