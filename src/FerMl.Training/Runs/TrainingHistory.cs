using System.Collections;
using FerMl.Reporting;

namespace FerMl.Training;

/// <summary>The epochs of a training: a list that notebooks display as curves and a table.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
internal sealed class TrainingHistory(IReadOnlyList<EpochReport> epochs) : IReadOnlyList<EpochReport>, IHtmlValue
{
    public int Count => epochs.Count;

    public EpochReport this[int index] => epochs[index];

    public IEnumerator<EpochReport> GetEnumerator() => epochs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public string ToHtml()
    {
        if (Count == 0)
            return "<p>No epoch has ended.</p>";
        var (accuracy, loss) = TrainingCurves.Draw("training", epochs);
        return new SvgFigure(accuracy).ToHtml() + new SvgFigure(loss).ToHtml() + HtmlTable.Of(
            Count == 1 ? "1 epoch" : $"{Count} epochs",
            ["epoch", "loss", "accuracy", "val. loss", "val. accuracy", "learning rate", "images/s", "best"],
            epochs.Select(epoch => (string[])[
                epoch.Epoch.Invariant(), epoch.TrainingLoss.Invariant("F4"), epoch.TrainingAccuracy.Invariant("P1"),
                epoch.ValidationLoss?.Invariant("F4") ?? "", epoch.ValidationAccuracy?.Invariant("P1") ?? "",
                epoch.LearningRate.Invariant("G3"), epoch.ImagesPerSecond.Invariant("N0"), epoch.IsBest ? "best" : ""]));
    }
}
