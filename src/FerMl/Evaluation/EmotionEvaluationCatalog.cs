using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>Evaluation of scored face data, on <c>mlContext.MulticlassClassification</c>.</summary>
public static class EmotionEvaluationCatalog
{
    /// <summary>Computes the metrics of a scored data view in one pass.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Data with a label key whose values are the labels, and the scores of a model with the same labels.</param>
    /// <param name="labelColumnName">The key column with the true labels. Rows without a label are skipped, as in ML.NET.</param>
    /// <param name="scoreColumnName">The vector column with the probabilities.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or no row has a label.</exception>
    public static EmotionMetrics EvaluateEmotions(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var label = Column(data, labelColumnName);
        var score = Column(data, scoreColumnName);
        var labels = LabelKeys.Of(label)
            ?? throw new ArgumentException(
                $"Column '{labelColumnName}' has type {label.Type}; expected a key with the labels as its values (see MapEmotionToKey).",
                nameof(labelColumnName));

        var (truth, scores) = (new List<int>(), new List<float>());
        using var cursor = data.GetRowCursor([label, score]);
        var getLabel = cursor.GetGetter<uint>(label);
        var getScore = cursor.GetGetter<VBuffer<float>>(score);
        uint key = 0;
        VBuffer<float> row = default;
        while (cursor.MoveNext())
        {
            getLabel(ref key);
            if (key == 0)
                continue;
            getScore(ref row);
            truth.Add((int)key - 1);
            scores.AddRange(row.DenseValues());
        }
        return EmotionMetrics.Compute(labels, truth, scores);
    }

    private static DataViewSchema.Column Column(IDataView data, string name) => data.Schema.GetColumnOrNull(name)
        ?? throw new ArgumentException(
            $"The data has no column '{name}'; its columns are {string.Join(", ", data.Schema.Select(c => c.Name))}.");
}
