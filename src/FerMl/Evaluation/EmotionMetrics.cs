using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using static System.FormattableString;

namespace FerMl;

/// <summary>Classification metrics of scores: those of ML.NET, and calibration, confidence intervals and annotator votes.</summary>
[JsonConverter(typeof(EmotionMetricsConverter))]
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class EmotionMetrics : IHtmlValue
{
    /// <summary>Number of equal-width confidence bins of <see cref="ExpectedCalibrationError"/>.</summary>
    public const int CalibrationBins = 15;

    private readonly Lazy<MulticlassClassificationMetrics> _standard;

    private EmotionMetrics(IReadOnlyList<string> labels, int[] truth, float[] scores, IReadOnlyList<EmotionVotes>? votes)
    {
        Votes = votes is null ? null : VoteMetrics.Compute(labels, votes, scores);
        var classes = labels.Count;
        var confusion = new int[classes, classes];
        var (logLoss, correct) = (0.0, 0);
        var bins = new (int Count, double Confidence, int Correct)[CalibrationBins];
        for (var i = 0; i < truth.Length; i++)
        {
            var row = scores.AsSpan(i * classes, classes);
            var predicted = TensorPrimitives.IndexOfMax<float>(row);
            var hit = predicted == truth[i] ? 1 : 0;
            confusion[truth[i], predicted]++;
            correct += hit;
            // As in ML.NET, a probability of 0 counts as 1e-15, so that one confident error doesn't make the mean infinite.
            logLoss -= Math.Log(Math.Max(1e-15, row[truth[i]]));
            ref var bin = ref bins[Math.Clamp((int)Math.Ceiling(row[predicted] * CalibrationBins) - 1, 0, CalibrationBins - 1)];
            bin = (bin.Count + 1, bin.Confidence + row[predicted], bin.Correct + hit);
        }

        Labels = [.. labels];
        Count = truth.Length;
        Accuracy = (double)correct / Count;
        (AccuracyLow, AccuracyHigh) = WilsonInterval.Of(correct, Count);
        LogLoss = logLoss / Count;
        ExpectedCalibrationError = bins.Sum(bin => Math.Abs(bin.Correct - bin.Confidence)) / Count;
        Calibration = [.. bins.Select(
            (bin, i) => new CalibrationBin(
                (double)i / CalibrationBins, (i + 1.0) / CalibrationBins, bin.Count, bin.Confidence / bin.Count,
                (double)bin.Correct / bin.Count))];
        Confusion = [.. Enumerable.Range(0, classes)
            .Select(t => Enumerable.Range(0, classes).Select(p => confusion[t, p]).ToImmutableArray())];
        PerClass = [.. Enumerable.Range(0, classes).Select(c => OfClass(labels[c], c))];
        MacroF1 = PerClass.Where(c => c.Support > 0).Average(c => c.F1);
        _standard = new(() => StandardMetrics.Compute(labels, truth, scores));
    }

    /// <summary>The labels in the order of the scores.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Number of faces.</summary>
    public int Count { get; }

    /// <summary>Share of the faces whose most probable label is correct, 0..1: ML.NET's micro-accuracy.</summary>
    public double Accuracy { get; }

    /// <summary>Lower end of the 95 % Wilson interval of the accuracy.</summary>
    public double AccuracyLow { get; }

    /// <summary>Upper end of the 95 % Wilson interval of the accuracy.</summary>
    public double AccuracyHigh { get; }

    /// <summary>Mean F1 over the labels that occur.</summary>
    public double MacroF1 { get; }

    /// <summary>Mean of -ln(probability of the true label), in nats.</summary>
    public double LogLoss { get; }

    /// <summary>
    /// Mean absolute difference between confidence and accuracy over 15 equal-width confidence bins, weighted by their number of faces (Guo
    /// et al., "On Calibration of Modern Neural Networks", 2017, equation 3).
    /// </summary>
    public double ExpectedCalibrationError { get; }

    /// <summary>The bins of <see cref="ExpectedCalibrationError"/> in ascending order, as in a reliability diagram.</summary>
    public ImmutableArray<CalibrationBin> Calibration { get; }

    /// <summary>Precision, recall, F1 and support of each label.</summary>
    public ImmutableArray<ClassMetrics> PerClass { get; }

    /// <summary>Number of faces by true label (first index) and predicted label (second).</summary>
    public ImmutableArray<ImmutableArray<int>> Confusion { get; }

    /// <summary>The metrics against annotators' votes; null if the faces have no votes.</summary>
    public VoteMetrics? Votes { get; }

    /// <summary>The overall metrics in display form, for tables, pages and notebooks. Add new metrics here.</summary>
    internal IReadOnlyList<MetricFigure> Figures =>
    [
        new("accuracy", Accuracy.Invariant("P1")),
        new("95 % interval (Wilson)", $"{AccuracyLow.Invariant("P1")} to {AccuracyHigh.Invariant("P1")}"),
        new("macro-F1", MacroF1.Invariant("F3")),
        new("log-loss (nats)", LogLoss.Invariant("F3")),
        new("expected calibration error", ExpectedCalibrationError.Invariant("F3")),
    ];

    /// <summary>ML.NET's own metrics of the same scores.</summary>
    public MulticlassClassificationMetrics Standard => _standard.Value;

    /// <summary>Computes the metrics.</summary>
    /// <param name="labels">The labels, two or more.</param>
    /// <param name="truth">Index of each face's true label; at least one face.</param>
    /// <param name="scores">Probabilities, one row of label scores per face.</param>
    /// <param name="votes">The annotators' votes for each face, or null.</param>
    /// <exception cref="ArgumentException">The sizes don't match, or there is no face.</exception>
    public static EmotionMetrics Compute(
        IReadOnlyList<string> labels, IEnumerable<int> truth, IEnumerable<float> scores, IReadOnlyList<EmotionVotes>? votes = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        int[] right = [.. truth];
        float[] given = [.. scores];
        if (right.Length == 0)
            throw new ArgumentException("Metrics need at least one face; none given.", nameof(truth));
        if (given.Length != right.Length * labels.Count)
            throw new ArgumentException(
                $"{right.Length.Counted("face")} and {labels.Count.Counted("label")} need "
                    + $"{(right.Length * labels.Count).Counted("score")}; {given.Length} given.",
                nameof(scores));
        if (right.Any(label => label < 0 || label >= labels.Count))
            throw new ArgumentException($"A true label is outside 0..{labels.Count - 1}.", nameof(truth));
        if (votes is not null && votes.Count != right.Length)
            throw new ArgumentException($"{right.Length.Counted("face")} came with {votes.Count.Counted("row")} of votes; give one for "
                + $"each.", nameof(votes));
        return new EmotionMetrics(labels, right, given, votes);
    }

    private ClassMetrics OfClass(string label, int c)
    {
        var (hits, support, given) = (Confusion[c][c], Confusion[c].Sum(), Confusion.Sum(row => row[c]));
        var (precision, recall) = (given == 0 ? 0.0 : (double)hits / given, support == 0 ? 0.0 : (double)hits / support);
        return new ClassMetrics(label, precision, recall, hits == 0 ? 0 : 2 * precision * recall / (precision + recall), support);
    }

    /// <summary>Formats the overall metrics and a row for each label as HTML for notebooks.</summary>
    public string ToHtml() => HtmlTable.Of(
        $"{Count.Counted("face")}: "
            + string.Join(", ", Figures.Concat(Votes?.Figures ?? []).Select(figure => $"{figure.Name} {figure.Text}")),
        ["emotion", "precision", "recall", "F1", "faces"],
        PerClass.Select(row =>
            (string[])[row.Label, Invariant($"{row.Precision:P1}"), Invariant($"{row.Recall:P1}"), Invariant($"{row.F1:F3}"),
                Invariant($"{row.Support:N0}")]));
}
