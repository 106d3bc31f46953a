using System.Collections;

namespace FerMl;

/// <summary>The problems met while a data set was read: the first five in full, and the number of all.</summary>
public sealed class DataProblems : IReadOnlyList<DataProblem>
{
    /// <summary>How many problems are kept in full.</summary>
    public const int Kept = 5;

    private readonly List<DataProblem> _first = [];

    /// <summary>How many problems there were in all.</summary>
    public long Total { get; private set; }

    /// <summary>How many problems are kept in full, at most <see cref="Kept"/>.</summary>
    public int Count => _first.Count;

    /// <summary>The problem at a position among those kept.</summary>
    public DataProblem this[int index] => _first[index];

    /// <inheritdoc/>
    public IEnumerator<DataProblem> GetEnumerator() => _first.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What helps against some of them; null where nothing was named.</summary>
    internal string? Remedy { get; private set; }

    internal void Add(DataProblem problem, string? remedy = null)
    {
        Remedy ??= remedy;
        Total++;
        if (_first.Count < Kept)
            _first.Add(problem);
    }
}
