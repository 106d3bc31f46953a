using FerMl.Reporting;

namespace FerMl.Training;

/// <summary>The curves of a training: accuracy and loss over its epochs.</summary>
public static class TrainingCurves
{
    /// <summary>Draws the curves as self-contained SVG images.</summary>
    /// <param name="title">The training's name.</param>
    /// <param name="history">Its epochs, one or more: see <see cref="TrainingRun.ReadHistory"/>.</param>
    /// <param name="claimed">Accuracy and loss that the paper claims, drawn alongside.</param>
    /// <exception cref="ArgumentException">The history has no epochs.</exception>
    public static (string Accuracy, string Loss) Draw(
        string title, IReadOnlyList<EpochReport> history, (double? Accuracy, double? Loss) claimed = default)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (history.Count == 0)
            throw new ArgumentException("The history has no epoch to draw.", nameof(history));
        var (first, last) = (history[0].Epoch, history[^1].Epoch);
        return (
            LineChart.ToSvg($"{title}: accuracy", "epoch", "accuracy",
                [new("training", Points(report => report.TrainingAccuracy)),
                    new("validation", Points(report => report.ValidationAccuracy)), .. Claim(claimed.Accuracy)], isShare: true),
            LineChart.ToSvg($"{title}: loss", "epoch", "cross-entropy, nats",
                [new("training", Points(report => report.TrainingLoss)),
                    new("validation", Points(report => report.ValidationLoss)), .. Claim(claimed.Loss)]));

        (double, double)[] Points(Func<EpochReport, double?> value) =>
            [.. history.Where(report => value(report) is not null).Select(report => ((double)report.Epoch, value(report)!.Value))];

        ChartLine[] Claim(double? value) =>
            value is { } claim ? [new ChartLine("the paper's figure", [(first, claim), (last, claim)], IsDashed: true)] : [];
    }
}
