using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>Evaluates scores in memory with ML.NET's own evaluator.</summary>
internal static class StandardMetrics
{
    public static MulticlassClassificationMetrics Compute(IReadOnlyList<string> labels, int[] truth, float[] scores)
    {
        var classes = labels.Count;
        var mlContext = new MLContext();
        var rows = Enumerable.Range(0, truth.Length).Select(i =>
        {
            var score = scores.AsSpan(i * classes, classes).ToArray();
            return new Row { Label = labels[truth[i]], Score = score, PredictedLabel = labels[TensorPrimitives.IndexOfMax<float>(score)] };
        });
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
        // The slot names of the score column label the confusion table.
        schema[nameof(Row.Score)].AddAnnotation(
            "SlotNames", new VBuffer<ReadOnlyMemory<char>>(classes, [.. labels.Select(label => label.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, classes));
        var data = mlContext.Data.LoadFromEnumerable(rows, schema);
        foreach (var column in (string[])[nameof(Row.Label), nameof(Row.PredictedLabel)])
            data = mlContext.Transforms.Conversion.MapValueToKey(column, keyData: LabelKeys.View(labels)).Fit(data).Transform(data);
        return mlContext.MulticlassClassification.Evaluate(data);
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";
        public float[] Score { get; set; } = [];
        public string PredictedLabel { get; set; } = "";
    }
}
