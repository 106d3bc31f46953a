using System.Globalization;
using System.Text.Json.Serialization;

namespace FerMl.Experiments;

/// <summary>
/// A dimension of a search space: a number in a range, or one of several values. It can be conditional on the value of another
/// parameter. Tuners work with positions from 0 to 1; values are stored as text.
/// </summary>
public sealed record SearchParameter
{
    /// <summary>Name of the option to set, such as <c>LearningRate</c> or <c>Augmentation.Erasing</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Lower bound of a range.</summary>
    public double Min { get; init; }

    /// <summary>Upper bound of a range.</summary>
    public double Max { get; init; }

    /// <summary>Whether a range has a logarithmic scale.</summary>
    public bool IsLog { get; init; }

    /// <summary>Whether a range contains integers only.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Former name of <see cref="IsInteger"/>.</summary>
    [JsonInclude, JsonPropertyName("isWhole")]
    internal bool IsWhole { init => IsInteger = value; }

    /// <summary>The values to choose from; empty for a range.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The condition under which it has a value; null if it always has one.</summary>
    public SearchCondition? Condition { get; init; }

    /// <summary>Number of distinct values; null for a continuous range or one too large for an int.</summary>
    public int? Count => Choices.Count > 0 ? Choices.Count : IsInteger && Max - Min < int.MaxValue ? (int)(Max - Min) + 1 : null;

    /// <summary>
    /// Parses a parameter: <c>LearningRate=0.01..0.2,log</c> for a range, <c>BatchSize=16..128</c> for integers, and
    /// <c>Optimizer=sgd|adamw</c> for a choice.
    /// </summary>
    /// <exception cref="FormatException">The text has none of these forms.</exception>
    public static SearchParameter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        var isLog = parts[^1].EndsWith(",log", StringComparison.OrdinalIgnoreCase);
        var value = isLog ? parts[^1][..^4] : parts[^1];
        var ends = value.Split("..", StringSplitOptions.TrimEntries);
        try
        {
            SearchParameter? parameter = null;
            if (parts.Length == 2 && value.Contains('|', StringComparison.Ordinal) && !isLog)
                parameter = new SearchParameter
                {
                    Name = parts[0],
                    Choices = value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                };
            else if (parts.Length == 2 && ends.Length == 2
                && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var min)
                    && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var max))
                parameter = new SearchParameter
                {
                    Name = parts[0],
                    Min = min,
                    Max = max,
                    IsLog = isLog,
                    IsInteger = ends.All(end => long.TryParse(end, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)),
                };
            parameter?.Validate();
            return parameter ?? throw new FormatException(
                $"'{text}' isn't a search parameter; write LearningRate=0.01..0.2,log, BatchSize=16..128 or Optimizer=sgd|adamw.");
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>Gets the value at a position.</summary>
    /// <param name="place">The position, 0 to 1.</param>
    public string FromUnit(double place)
    {
        place = Math.Clamp(place, 0, 1);
        if (Choices.Count > 0)
            return Choices[Math.Min(Choices.Count - 1, (int)(place * Choices.Count))];
        if (IsInteger)
        {
            // Give each integer an interval of the positions.
            var (low, high) = (Min - 0.5, Max + 0.5);
            var number = IsLog ? Math.Exp(Math.Log(Min) + place * (Math.Log(Max + 1) - Math.Log(Min))) - 0.5 : low + place * (high - low);
            return Math.Clamp(Math.Round(number, MidpointRounding.AwayFromZero), Min, Max).ToString(CultureInfo.InvariantCulture);
        }
        var value = IsLog ? Math.Exp(Math.Log(Min) + place * (Math.Log(Max) - Math.Log(Min))) : Min + place * (Max - Min);
        // Six digits suffice for every option and are readable.
        value = double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Clamp(value, Min, Max).ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Gets the position of a value: the center of its interval if it has one.</summary>
    /// <exception cref="FormatException">The value isn't valid for this parameter.</exception>
    public double ToUnit(string value)
    {
        if (Choices.Count > 0)
            return Enumerable.Range(0, Choices.Count).FirstOrDefault(i => Choices[i] == value, -1) is >= 0 and var place
                ? (place + 0.5) / Choices.Count
                : throw new FormatException($"'{value}' isn't valid for {Name}; expected {string.Join(", ", Choices)}.");
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number < Min || number > Max)
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"'{value}' isn't valid for {Name}; expected {Min} to {Max}."));
        if (IsInteger)
            return IsLog ? (Math.Log(number + 0.5) - Math.Log(Min)) / (Math.Log(Max + 1) - Math.Log(Min))
                : (number - Min + 0.5) / (Max - Min + 1);
        return IsLog ? Math.Log(number / Min) / Math.Log(Max / Min) : (number - Min) / (Max - Min);
    }

    /// <summary>Evenly spaced values; all values of a choice, or of a range if the maximum allows it.</summary>
    /// <param name="maxCount">Maximum number of values of a range, at least 1.</param>
    public IReadOnlyList<string> GridValues(int maxCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        var count = Choices.Count > 0 ? Choices.Count : Math.Min(maxCount, Count ?? maxCount);
        return [.. Enumerable.Range(0, count)
            .Select(i => FromUnit(Count == count ? (i + 0.5) / count : count == 1 ? 0.5 : (double)i / (count - 1))).Distinct()];
    }

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
            throw new ArgumentException("A parameter of the search space has no name.");
        if (Choices.Count > 0 ? Choices.Distinct().Count() != Choices.Count : !(Min < Max) || !double.IsFinite(Max - Min))
            throw new ArgumentException(
                Choices.Count > 0 ? $"{Name}: a value is named twice among its choices."
                : string.Create(CultureInfo.InvariantCulture,
                    $"{Name}: its range is from {Min} to {Max}; the lower end must be below the upper one."));
        if (IsLog && Min <= 0)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{Name}: its range starts at {Min}; a log range must start above 0."));
    }
}
