using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>The labels of a key column.</summary>
internal static class LabelKeys
{
    /// <summary>The labels as the one-column data view that <c>MapValueToKey</c> expects.</summary>
    public static IDataView View(IEnumerable<string> labels) =>
        new MLContext().Data.LoadFromEnumerable(labels.Select(label => new Row { Label = label }).ToArray());

    /// <summary>The text values of a key column; null if it isn't a key column or its values aren't text.</summary>
    public static string[]? Of(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType
            || column.Annotations.Schema.GetColumnOrNull("KeyValues") is not { Type: VectorDataViewType { ItemType: TextDataViewType } })
            return null;
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";
    }
}
