using System.Numerics;

namespace FerMl;

/// <summary>Compares two models on the same faces and tests whether their difference is significant.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class EvaluationComparison : IHtmlValue
{
    private readonly string _first, _second;

    internal EvaluationComparison(string first, EmotionEvaluation one, string second, EmotionEvaluation other)
    {
        (_first, First, _second, Second) = (first, one.Metrics, second, other.Metrics);
        var pairs = one.Faces.Zip(other.Faces).ToArray();
        if (one.Faces.Count != other.Faces.Count || pairs.Any(pair => pair.First.Face.Id != pair.Second.Face.Id))
            throw new ArgumentException("Two evaluations are compared on the same faces; evaluate both models on one data set and usage.");
        OnlyFirst = pairs.Count(pair => pair.First.IsRight && !pair.Second.IsRight);
        OnlySecond = pairs.Count(pair => !pair.First.IsRight && pair.Second.IsRight);
        PValue = Exact(OnlyFirst, OnlySecond);
    }

    /// <summary>The first model's metrics.</summary>
    public EmotionMetrics First { get; }

    /// <summary>The second model's metrics.</summary>
    public EmotionMetrics Second { get; }

    /// <summary>Number of faces that only the first model classifies correctly.</summary>
    public int OnlyFirst { get; }

    /// <summary>Number of faces that only the second model classifies correctly.</summary>
    public int OnlySecond { get; }

    /// <summary>
    /// The p-value, 0..1: the probability of a difference this large if both models are equally good. McNemar's exact test (McNemar, 1947;
    /// two-sided binomial).
    /// </summary>
    public double PValue { get; }

    /// <summary>Formats both models' metrics side by side, and the test, as HTML for notebooks.</summary>
    public string ToHtml() => HtmlTable.Of(
        FormattableString.Invariant($"{First.Count:N0} faces; {OnlyFirst:N0} right by {_first} alone, {OnlySecond:N0} by {_second} alone; ")
            + FormattableString.Invariant($"p = {PValue:G2} (McNemar){(PValue < 0.05 ? "" : ": may be chance")}"),
        ["", _first, _second],
        [
            .. First.Figures.Zip(Second.Figures, (one, other) => (string[])[one.Name, one.Text, other.Text]),
            .. First.Labels.Union(Second.Labels).Select(label => Row($"recall of {label}", metrics => metrics.PerClass
                .FirstOrDefault(row => row.Label == label) is { Support: > 0 } found ? found.Recall.Invariant("P1") : "")),
        ]);

    private string[] Row(string name, Func<EmotionMetrics, string> text) => [name, text(First), text(Second)];

    /// <summary>Twice the smaller tail of a binomial distribution with probability 1/2.</summary>
    internal static double Exact(int one, int other)
    {
        var (count, few) = (one + other, Math.Min(one, other));
        var (ways, sum) = (BigInteger.One, BigInteger.Zero);
        for (var k = 0; k <= few; k++)
        {
            sum += ways;
            ways = ways * (count - k) / (k + 1);
        }
        // Uses logarithms, since either number can overflow a double.
        return Math.Min(1, Math.Exp(BigInteger.Log(2 * sum) - count * Math.Log(2)));
    }
}
