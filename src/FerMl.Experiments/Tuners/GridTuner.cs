namespace FerMl.Experiments;

/// <summary>Grid search: tries every combination of evenly spaced values, varying the last parameter fastest.</summary>
public sealed class GridTuner : ITuner
{
    private readonly int _steps;

    /// <summary>Creates the tuner.</summary>
    /// <param name="steps">Maximum number of values per range, 1 to 1,000.</param>
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
        return All(space, 0, new Dictionary<string, string>()).Skip(number).FirstOrDefault();
    }

    private IEnumerable<Configuration> All(SearchSpace space, int next, Dictionary<string, string> values)
    {
        if (next == space.Parameters.Count)
            return [new Configuration(values)];
        var parameter = space.Parameters[next];
        return !SearchSpace.IsActive(parameter, values) ? All(space, next + 1, values)
            : parameter.GridValues(_steps).SelectMany(
                value => All(space, next + 1, new Dictionary<string, string>(values) { [parameter.Name] = value }));
    }
}
