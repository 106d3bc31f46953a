using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace FerMl.Experiments;

/// <summary>Values for the parameters of a search space, as text.</summary>
public sealed class Configuration : IEquatable<Configuration>
{
    /// <summary>Makes a configuration.</summary>
    public Configuration(params IEnumerable<KeyValuePair<string, string>> values) => Values = values.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The value of each parameter, by its name.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; }

    /// <summary>A copy of options with these values.</summary>
    /// <param name="options">A record, such as <c>EmotionTrainerOptions</c>; a name with a dot sets a property of a property.</param>
    /// <exception cref="ArgumentException">The options have no such property, or a value isn't of its type; the message names it.</exception>
    public T ApplyTo<T>(T options) where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        object changed = options;
        foreach (var (name, value) in Values)
            changed = Set(changed, name.Split('.'), value, name);
        return (T)changed;
    }

    /// <inheritdoc/>
    public bool Equals(Configuration? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Configuration);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(0, (hash, value) => HashCode.Combine(hash, value.Key, value.Value));

    /// <summary>The values, such as <c>BatchSize = 64, LearningRate = 0.01</c>.</summary>
    public override string ToString() => string.Join(", ", Values.Select(value => $"{value.Key} = {value.Value}"));

    private static object Set(object record, ReadOnlySpan<string> path, string text, string name)
    {
        var property = record.GetType().GetProperty(path[0])
            ?? throw new ArgumentException($"{record.GetType().Name} has no option '{path[0]}' (from {name} in the search space).");
        var clone = record.GetType().GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public)?.Invoke(record, null)
            ?? throw new ArgumentException($"{record.GetType().Name} is no record, so {name} can't be set on a copy of it.");
        var value = path.Length == 1
            ? Convert(text, property.PropertyType, name)
            : Set(property.GetValue(record) ?? Activator.CreateInstance(property.PropertyType)!, path[1..], text, name);
        property.SetValue(clone, value);
        return clone;
    }

    private static object? Convert(string text, Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            return type.IsEnum ? Enum.Parse(type, text, ignoreCase: true) : System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw new ArgumentException($"{name}: '{text}' is no value of type {type.Name}.", e);
        }
    }
}
