namespace FerMl.Reporting;

/// <summary>Figures of an evaluation, for notebooks.</summary>
public static class EvaluationFigures
{
    /// <summary>The worst mistakes: the misclassified faces with the highest confidence, with true and predicted label.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="count">The maximum number of faces, 1 or more.</param>
    /// <param name="of">What was evaluated, for the title; or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static SvgFigure WorstMistakes(this EmotionEvaluation evaluation, int count = 28, string? of = null)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        EvaluatedFace[] wrong = [.. evaluation.WorstFirst.Where(face => !face.IsRight).Take(count)];
        return new SvgFigure(FaceGrid.ToSvg(
            (wrong.Length > 0 ? "The worst mistakes" : "The least confident faces, all correct") + (of is null ? "" : $" of {of}"),
            [.. (wrong.Length > 0 ? wrong : evaluation.WorstFirst.Take(count)).Select(face => new FaceTile(face.Face, face.Prediction))]));
    }

    /// <summary>The confusion matrix, with true labels as rows.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="title">The title above the chart.</param>
    public static SvgFigure ConfusionMatrix(this EmotionEvaluation evaluation, string title = "Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return new SvgFigure(ConfusionChart.ToSvg(title, evaluation.Metrics, asShares: true));
    }
}
