using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>A predictor's result for one face.</summary>
[JsonConverter(typeof(EmotionPredictionConverter))]
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class EmotionPrediction : IHtmlValue
{
    /// <summary>Creates a prediction. Predictors do this; tests can create fakes.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="scores">A probability for each label, 0..1.</param>
    /// <exception cref="ArgumentException">There are no labels, the number of scores differs, or a score isn't finite.</exception>
    public EmotionPrediction(IReadOnlyList<string> labels, ReadOnlySpan<float> scores)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0 || labels.Count != scores.Length)
            throw new ArgumentException(
                $"A prediction has a score for each label; {scores.Length} given for {labels.Count}.", nameof(scores));
        foreach (var score in scores)
            if (!float.IsFinite(score))
                throw new ArgumentException($"A score is {score.Invariant()}, which isn't a probability.", nameof(scores));
        Scores = [.. scores.ToArray().Select((score, i) => new EmotionScore(labels[i], score))];
        (Label, Confidence) = Scores[TensorPrimitives.IndexOfMax(scores)];
    }

    /// <summary>The most probable emotion's label, such as <c>happy</c>.</summary>
    public string Label { get; }

    /// <summary>Its probability, 0..1.</summary>
    public float Confidence { get; }

    /// <summary>The probability of each label, in the order of the task; they sum to 1.</summary>
    public ImmutableArray<EmotionScore> Scores { get; }

    /// <summary>The probability of each label as a dictionary, for JSON.</summary>
    internal Dictionary<string, float> ScoresByLabel() => Scores.ToDictionary(score => score.Label, score => score.Score);

    /// <summary>Restricts the prediction to some labels; their scores are renormalized to sum to 1.</summary>
    /// <param name="labels">One or more of the labels of <see cref="Scores"/>, in the desired order.</param>
    /// <exception cref="ArgumentException">No label is given, or one isn't among the scores.</exception>
    public EmotionPrediction RestrictTo(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0)
            throw new ArgumentException("Restricting a prediction needs at least one label; none given.", nameof(labels));
        float[] kept = [.. labels.Select(ScoreOf)];
        var sum = TensorPrimitives.Sum<float>(kept);
        for (var i = 0; i < kept.Length; i++)
            kept[i] = sum > 0 ? kept[i] / sum : 1f / kept.Length;
        return new EmotionPrediction(labels, kept);
    }

    private float ScoreOf(string label)
    {
        foreach (var (name, score) in Scores)
            if (name == label)
                return score;
        throw new ArgumentException(
            $"The model does not predict '{label}'; its labels are {string.Join(", ", Scores.Select(score => score.Label))}.");
    }

    /// <summary>Label and confidence, such as <c>happy 93 %</c>.</summary>
    public override string ToString() => $"{Label} {Confidence.Invariant("0 %")}";

    /// <summary>Formats the probability of each label as a bar chart in HTML for notebooks.</summary>
    public string ToHtml() => "<table><tbody>" + string.Concat(Scores.Select(score =>
        $"<tr><td style=\"text-align:left\">{PlainText.Html(score.Label)}</td><td style=\"text-align:left\">{Bar(score.Score)}"
            + $"</td><td>{score.Score.Invariant("0 %")}</td></tr>")) + "</tbody></table>";

    private static string Bar(float score)
    {
        var width = Math.Max(1, (int)Math.Round(100 * score)).Invariant();
        return HtmlImage.OfSvg(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"11\"><rect width=\"{width}\" height=\"11\" "
                + "fill=\"#4c78a8\"/></svg>", "");
    }
}
