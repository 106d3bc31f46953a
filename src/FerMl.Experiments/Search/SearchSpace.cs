using System.Globalization;
using System.Reflection;

namespace FerMl.Experiments;

/// <summary>What is searched: parameters, built in code or read from a record's attributes.</summary>
public sealed record SearchSpace
{
    /// <summary>The parameters.</summary>
    public IReadOnlyList<SearchParameter> Parameters { get; init; } = [];

    /// <summary>
    /// The space of a record's properties that have <see cref="SearchRangeAttribute"/> or <see cref="SearchChoiceAttribute"/>.
    /// </summary>
    /// <exception cref="ArgumentException">There is none, or one is wrong; the message names it.</exception>
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

    /// <summary>The same space and a number between two ends.</summary>
    /// <param name="name">The option that it sets, such as <c>LearningRate</c> or <c>Augmentation.Erasing</c>.</param>
    /// <param name="min">The lower end.</param>
    /// <param name="max">The upper end.</param>
    /// <param name="log">Whether equal factors are equally likely.</param>
    /// <exception cref="ArgumentException">The ends are wrong, or the name is there already.</exception>
    public SearchSpace AddRange(string name, double min, double max, bool log = false) => Add(new SearchParameter
    {
        Name = name,
        Min = min,
        Max = max,
        IsLog = log,
    });

    /// <summary>The same space and a whole number between two ends.</summary>
    /// <inheritdoc cref="AddRange"/>
    public SearchSpace AddInteger(string name, long min, long max, bool log = false) => Add(new SearchParameter
    {
        Name = name,
        Min = min,
        Max = max,
        IsLog = log,
        IsInteger = true,
    });

    /// <summary>The same space and one of several values.</summary>
    /// <exception cref="ArgumentException">A value is named twice, or the name is there already.</exception>
    public SearchSpace AddChoice(string name, params IEnumerable<object> values) =>
        Add(new SearchParameter
        {
            Name = name,
            Choices = [.. values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!)],
        });

    /// <summary>
    /// The same space and the parameters of another, each under a name that begins with the value: they have values only where a choice has
    /// that value.
    /// </summary>
    /// <param name="name">The choice, which is in this space already.</param>
    /// <param name="value">One of its values.</param>
    /// <param name="space">The parameters, such as <c>L2</c>, which becomes <c>lbfgs.L2</c> for the value <c>lbfgs</c>.</param>
    /// <exception cref="ArgumentException">There is no such choice or value, or the other space is conditional itself.</exception>
    public SearchSpace AddWhere(string name, string value, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Parameters.Aggregate(this, (all, parameter) => parameter.Condition is not null
            ? throw new ArgumentException($"{parameter.Name} depends on another parameter already.", nameof(space))
            : all.Add(parameter with { Name = $"{value}.{parameter.Name}", Condition = new SearchCondition(name, value) }));
    }

    /// <summary>The configuration at a place: a number from 0 to 1 for each parameter; those without a value aren't looked at.</summary>
    public Configuration FromUnit(IReadOnlyList<double> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        if (places.Count != Parameters.Count)
            throw new ArgumentException($"{Parameters.Count.Counted("parameter")} need as many places; {places.Count} given.",
                nameof(places));
        var values = new Dictionary<string, string>();
        foreach (var (i, parameter) in Parameters.Index())
            if (IsActive(parameter, values))
                values.Add(parameter.Name, parameter.FromUnit(places[i]));
        return new Configuration(values);
    }

    /// <summary>The place of a configuration; NaN for parameters that have no value in it.</summary>
    /// <exception cref="FormatException">It is none of this space.</exception>
    public double[] ToUnit(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var values = configuration.Values;
        return [.. Parameters.Select(parameter => !IsActive(parameter, values) ? double.NaN
            : values.TryGetValue(parameter.Name, out var value) ? parameter.ToUnit(value)
            : throw new FormatException($"The configuration lacks {parameter.Name}."))];
    }

    /// <summary>Whether a parameter has a value, given those of the parameters before it.</summary>
    internal static bool IsActive(SearchParameter parameter, IReadOnlyDictionary<string, string> values) =>
        parameter.Condition is not { } condition
        || (values.TryGetValue(condition.Parameter, out var value) && value == condition.Value);

    /// <summary>The same space and a parameter.</summary>
    /// <exception cref="ArgumentException">It is wrong, or its name is there already.</exception>
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
