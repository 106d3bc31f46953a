using System.Globalization;
using System.Reflection;

namespace FerMl.Experiments;

/// <summary>A search space: its parameters, built in code or read from a record's attributes.</summary>
public sealed record SearchSpace
{
    /// <summary>The parameters.</summary>
    public IReadOnlyList<SearchParameter> Parameters { get; init; } = [];

    /// <summary>
    /// Creates a space from a record's properties with <see cref="SearchRangeAttribute"/> or <see cref="SearchChoiceAttribute"/>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such property, or one is invalid; the message says which.</exception>
    public static SearchSpace Of<T>()
    {
        var space = new SearchSpace();
        foreach (var property in typeof(T).GetProperties())
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (property.GetCustomAttribute<SearchRangeAttribute>() is { } range)
                space = type == typeof(int) || type == typeof(long)
                    ? space.AddInteger(property.Name, (long)range.Min, (long)range.Max, range.Log)
                    : space.AddRange(property.Name, range.Min, range.Max, range.Log);
            else if (property.GetCustomAttribute<SearchChoiceAttribute>() is { } choice)
                space = space.AddChoice(
                    property.Name, choice.Values.Count > 0 ? choice.Values : type.IsEnum ? [.. Enum.GetNames(type)] : type == typeof(bool)
                    ? [false, true]
                    : throw new ArgumentException($"{typeof(T).Name}.{property.Name} names no values to choose from."));
        }
        return space.Parameters.Count > 0 ? space
            : throw new ArgumentException($"{typeof(T).Name} has no property with [SearchRange] or [SearchChoice].");
    }

    /// <summary>Adds a number in a range.</summary>
    /// <param name="name">Name of the option to set, such as <c>LearningRate</c> or <c>Augmentation.Erasing</c>.</param>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    /// <param name="log">Whether the range has a logarithmic scale.</param>
    /// <exception cref="ArgumentException">The bounds are invalid, or the name already exists.</exception>
    public SearchSpace AddRange(string name, double min, double max, bool log = false) => Add(new SearchParameter
    {
        Name = name,
        Min = min,
        Max = max,
        IsLog = log,
    });

    /// <summary>Adds an integer in a range.</summary>
    /// <inheritdoc cref="AddRange"/>
    public SearchSpace AddInteger(string name, long min, long max, bool log = false) => Add(new SearchParameter
    {
        Name = name,
        Min = min,
        Max = max,
        IsLog = log,
        IsInteger = true,
    });

    /// <summary>Adds a choice of several values.</summary>
    /// <exception cref="ArgumentException">A value occurs twice, or the name already exists.</exception>
    public SearchSpace AddChoice(string name, params IEnumerable<object> values) =>
        Add(new SearchParameter
        {
            Name = name,
            Choices = [.. values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!)],
        });

    /// <summary>
    /// Adds the parameters of another space, conditional on a choice: they only have values while the choice has the given value. Their
    /// names get the value as a prefix.
    /// </summary>
    /// <param name="name">The choice, which must already be in this space.</param>
    /// <param name="value">A value of the choice.</param>
    /// <param name="space">The parameters, such as <c>L2</c>, which becomes <c>lbfgs.L2</c> for the value <c>lbfgs</c>.</param>
    /// <exception cref="ArgumentException">The choice or value doesn't exist, or the other space has conditions itself.</exception>
    public SearchSpace AddWhere(string name, string value, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Parameters.Aggregate(this, (all, parameter) => parameter.Condition is not null
            ? throw new ArgumentException($"{parameter.Name} depends on another parameter already.", nameof(space))
            : all.Add(parameter with { Name = $"{value}.{parameter.Name}", Condition = new SearchCondition(name, value) }));
    }

    /// <summary>Gets the configuration at a position: a number from 0 to 1 per parameter, ignored for inactive parameters.</summary>
    public Configuration FromUnit(IReadOnlyList<double> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        if (places.Count != Parameters.Count)
            throw new ArgumentException($"{Parameters.Count.Counted("parameter")} need as many numbers; {places.Count} given.",
                nameof(places));
        var values = new Dictionary<string, string>();
        foreach (var (i, parameter) in Parameters.Index())
            if (IsActive(parameter, values))
                values.Add(parameter.Name, parameter.FromUnit(places[i]));
        return new Configuration(values);
    }

    /// <summary>Gets the position of a configuration; NaN for parameters without a value in it.</summary>
    /// <exception cref="FormatException">The configuration doesn't belong to this space.</exception>
    public double[] ToUnit(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var values = configuration.Values;
        return [.. Parameters.Select(parameter => !IsActive(parameter, values) ? double.NaN
            : values.TryGetValue(parameter.Name, out var value) ? parameter.ToUnit(value)
            : throw new FormatException($"The configuration lacks {parameter.Name}."))];
    }

    /// <summary>Whether a parameter has a value, given the values of the parameters before it.</summary>
    internal static bool IsActive(SearchParameter parameter, IReadOnlyDictionary<string, string> values) =>
        parameter.Condition is not { } condition
        || (values.TryGetValue(condition.Parameter, out var value) && value == condition.Value);

    /// <summary>Adds a parameter.</summary>
    /// <exception cref="ArgumentException">The parameter is invalid, or its name already exists.</exception>
    public SearchSpace Add(SearchParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.Validate();
        if (Parameters.Any(other => other.Name == parameter.Name))
            throw new ArgumentException($"{parameter.Name} is in the search space already.");
        if (parameter.Condition is { } condition && !Parameters.Any(other =>
            other.Name == condition.Parameter && other.Choices.Contains(condition.Value)))
            throw new ArgumentException(
                $"{parameter.Name} depends on {condition}; the search space has no such choice before it.");
        return this with { Parameters = [.. Parameters, parameter] };
    }
}
