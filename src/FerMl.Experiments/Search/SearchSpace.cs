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

    /// <summary>The configuration at a place: a number from 0 to 1 for each parameter.</summary>
    public Configuration FromUnit(IReadOnlyList<double> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        if (places.Count != Parameters.Count)
            throw new ArgumentException($"{Parameters.Count} parameters need as many places; {places.Count} given.", nameof(places));
        return new Configuration(Parameters.Select((parameter, i) => KeyValuePair.Create(parameter.Name, parameter.FromUnit(places[i]))));
    }

    /// <summary>The place of a configuration.</summary>
    /// <exception cref="FormatException">It is none of this space.</exception>
    public double[] ToUnit(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return [.. Parameters.Select(
            parameter => configuration.Values.TryGetValue(parameter.Name, out var value) ? parameter.ToUnit(value)
            : throw new FormatException($"The configuration lacks {parameter.Name}."))];
    }

    /// <summary>The same space and a parameter.</summary>
    /// <exception cref="ArgumentException">It is wrong, or its name is there already.</exception>
    public SearchSpace Add(SearchParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.Validate();
        if (Parameters.Any(other => other.Name == parameter.Name))
            throw new ArgumentException($"{parameter.Name} is in the search space already.");
        return this with { Parameters = [.. Parameters, parameter] };
    }
}
