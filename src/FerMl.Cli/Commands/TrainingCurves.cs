using FerMl.Reporting;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary>The curves of a training: accuracy and loss over its epochs.</summary>
internal static class TrainingCurves
{
    /// <param name="title">What the training is called.</param>
    /// <param name="history">Its epochs, one or more.</param>
    /// <param name="claimed">Accuracy and loss that are claimed elsewhere, to be drawn beside it.</param>
    public static (string Accuracy, string Loss) Draw(string title, IReadOnlyList<EpochReport> history, (double? Accuracy, double? Loss) claimed = default)
    {
        var (first, last) = (history[0].Epoch, history[^1].Epoch);
        return (
            LineChart.ToSvg($"{title}: accuracy", "epoch", "accuracy",
                [new("training, while trained", Points(report => report.TrainingAccuracy)), new("validation", Points(report => report.ValidationAccuracy)), .. Claim(claimed.Accuracy)], isShare: true),
            LineChart.ToSvg($"{title}: loss", "epoch", "cross-entropy, nats",
                [new("training, while trained", Points(report => report.TrainingLoss)), new("validation", Points(report => report.ValidationLoss)), .. Claim(claimed.Loss)]));

        (double, double)[] Points(Func<EpochReport, double?> value) =>
            [.. history.Where(report => value(report) is not null).Select(report => ((double)report.Epoch, value(report)!.Value))];

        ChartLine[] Claim(double? value) => value is { } claim ? [new ChartLine("the paper's figure", [(first, claim), (last, claim)], IsDashed: true)] : [];
    }
}
