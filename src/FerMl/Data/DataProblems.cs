using System.Collections;

namespace FerMl;

/// <summary>The problems found while reading a data set: the first five in full, and the total number.</summary>
public sealed class DataProblems : IReadOnlyList<DataProblem>
{
    /// <summary>Maximum number of problems that are kept in full.</summary>
    public const int Kept = 5;

    private readonly List<DataProblem> _first = [];

    /// <summary>Total number of problems.</summary>
    public long Total { get; private set; }

    /// <summary>Number of problems kept in full, at most <see cref="Kept"/>.</summary>
    public int Count => _first.Count;

    /// <summary>The kept problem at an index.</summary>
    public DataProblem this[int index] => _first[index];

    /// <inheritdoc/>
    public IEnumerator<DataProblem> GetEnumerator() => _first.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A remedy for some of the problems, or null.</summary>
    internal string? Remedy { get; private set; }

    internal void Add(DataProblem problem, string? remedy = null)
    {
        Remedy ??= remedy;
        Total++;
        if (_first.Count < Kept)
            _first.Add(problem);
    }
}
