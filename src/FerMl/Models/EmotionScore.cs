namespace FerMl;

/// <summary>A label with its probability.</summary>
/// <param name="Label">The label, such as <c>happy</c>.</param>
/// <param name="Score">The probability, 0..1.</param>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public readonly record struct EmotionScore(string Label, float Score) : IHtmlValue
{
    /// <summary>Label and probability, such as <c>happy 93 %</c>.</summary>
    public override string ToString() => $"{Label} {Score.Invariant("0 %")}";

    /// <summary>Formats label and probability as HTML for notebooks.</summary>
    public string ToHtml() => PlainText.Html(ToString());
}
