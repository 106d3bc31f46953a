using System.Collections.Immutable;

namespace FerMl.Experiments;

/// <summary>Values for the parameters of a search space, as text.</summary>
public sealed class Configuration : IEquatable<Configuration>
{
    /// <summary>Creates a configuration.</summary>
    public Configuration(params IEnumerable<KeyValuePair<string, string>> values) =>
        Values = values.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The value of each parameter, by name.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; }

    /// <summary>Copies options and sets these values.</summary>
    /// <param name="options">A record, such as <c>EmotionTrainerOptions</c>; a name with a dot sets a nested property.</param>
    /// <exception cref="ArgumentException">The options have no property of that name, or a value isn't of its type; the message says
    /// which.</exception>
    public T ApplyTo<T>(T options) where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        return Values.Aggregate(options, (changed, value) => OptionProperty.With(changed, value.Key, value.Value));
    }

    /// <inheritdoc/>
    public bool Equals(Configuration? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Configuration);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(0, (hash, value) => HashCode.Combine(hash, value.Key, value.Value));

    /// <summary>The values, such as <c>BatchSize = 64, LearningRate = 0.01</c>.</summary>
    public override string ToString() => string.Join(", ", Values.Select(value => $"{value.Key} = {value.Value}"));
}
