using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Experiments;

/// <summary>Embeddings and labels as a data view for ML.NET's trainers, with the columns <c>Features</c> and <c>Label</c>.</summary>
internal static class EmbeddingRows
{
    /// <param name="mlContext">The context.</param>
    /// <param name="embeddings">The embeddings.</param>
    /// <param name="labels">The label of each.</param>
    /// <param name="type">The type of the label column.</param>
    public static IDataView View<T>(MLContext mlContext, IReadOnlyList<float[]> embeddings, IEnumerable<T> labels, DataViewType type)
    {
        var rows = embeddings.Zip(labels, (features, label) => new Row<T> { Features = features, Label = label }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row<T>));
        schema[nameof(Row<T>.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, embeddings[0].Length);
        schema[nameof(Row<T>.Label)].ColumnType = type;
        return mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row<T>
    {
        public float[] Features { get; set; } = [];
        public T? Label { get; set; }
    }
}
