namespace FerMl.Experiments;

/// <summary>Tries every combination of values spread evenly over their ranges, the last parameter fastest.</summary>
public sealed class GridTuner : ITuner
{
    private readonly int _steps;

    /// <summary>Makes the tuner.</summary>
    /// <param name="steps">The most values of a range, 1 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside its range.</exception>
    public GridTuner(int steps = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, 1_000);
        _steps = steps;
    }

    /// <inheritdoc/>
    public Configuration? Propose(SearchSpace space, IReadOnlyList<Trial> trials, int number, int seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        var values = new KeyValuePair<string, string>[space.Parameters.Count];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            var spread = space.Parameters[i].GridValues(_steps);
            values[i] = KeyValuePair.Create(space.Parameters[i].Name, spread[number % spread.Count]);
            number /= spread.Count;
        }
        return number > 0 ? null : new Configuration(values);
    }
}
