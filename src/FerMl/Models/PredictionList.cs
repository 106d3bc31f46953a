using System.Collections;

namespace FerMl;

/// <summary>An ordered list of predictions, which notebooks show as a table.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
internal sealed class PredictionList(EmotionPrediction[] predictions) : IReadOnlyList<EmotionPrediction>, IHtmlValue
{
    private const int MaxRows = 50;

    public int Count => predictions.Length;

    public EmotionPrediction this[int index] => predictions[index];

    public IEnumerator<EmotionPrediction> GetEnumerator() => predictions.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public string ToHtml() => HtmlTable.Of(
        Count.Counted("prediction") + (Count > MaxRows ? $", the first {MaxRows} of them" : ""),
        ["", "label", "confidence", .. predictions.Take(1).SelectMany(one => one.Scores.Select(score => score.Label))],
        predictions.Take(MaxRows).Select((one, i) => (string[])[
            i.Invariant(), one.Label, one.Confidence.Invariant("P1"), .. one.Scores.Select(score => score.Score.Invariant("F3"))]));
}
