namespace FerMl.Reporting;

/// <summary>Figures of an evaluation, for notebooks.</summary>
public static class EvaluationFigures
{
    /// <summary>The faces with the worst mistakes: those that the model is surest about wrongly, with true and predicted label.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="count">The most faces; 1 or more.</param>
    /// <param name="of">What was evaluated, for the title; null for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static SvgFigure WorstMistakes(this EmotionEvaluation evaluation, int count = 28, string? of = null)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        EvaluatedFace[] wrong = [.. evaluation.WorstFirst.Where(face => !face.IsRight).Take(count)];
        return new SvgFigure(FaceGrid.ToSvg(
            (wrong.Length > 0 ? "The worst mistakes" : "The least sure faces, all right") + (of is null ? "" : $" of {of}"),
            [.. (wrong.Length > 0 ? wrong : evaluation.WorstFirst.Take(count)).Select(face => new FaceTile(face.Face, face.Prediction))]));
    }

    /// <summary>The confusion matrix, rows the true labels.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="title">What stands above it.</param>
    public static SvgFigure ConfusionMatrix(this EmotionEvaluation evaluation, string title = "Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return new SvgFigure(ConfusionChart.ToSvg(title, evaluation.Metrics, asShares: true));
    }
}
