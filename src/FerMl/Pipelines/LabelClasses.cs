using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>Reads a label column as class indices.</summary>
internal static class LabelClasses
{
    public static IReadOnlyList<int> Read(IDataView input, string columnName)
    {
        var column = input.Schema.GetColumnOrNull(columnName)
            ?? throw new ArgumentException(
                $"The data has no column '{columnName}'; its columns are {string.Join(", ", input.Schema.Select(c => c.Name))}.",
                nameof(columnName));
        var classes = new List<int>();
        using var cursor = input.GetRowCursor([column]);
        if (column.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint))
        {
            var getter = cursor.GetGetter<uint>(column);
            uint key = 0;
            while (cursor.MoveNext())
            {
                getter(ref key);
                classes.Add((int)key);
            }
        }
        else if (column.Type is TextDataViewType)
        {
            var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
            var known = new Dictionary<string, int>();
            ReadOnlyMemory<char> text = default;
            while (cursor.MoveNext())
            {
                getter(ref text);
                var label = text.ToString();
                if (!known.TryGetValue(label, out var number))
                    known.Add(label, number = known.Count);
                classes.Add(number);
            }
        }
        else
        {
            throw new ArgumentException($"Column '{columnName}' has type {column.Type}; expected text or key.", nameof(columnName));
        }
        return classes;
    }
}
