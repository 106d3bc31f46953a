using System.Globalization;

namespace FerMl.Experiments;

/// <summary>Numeric access to the values of a configuration.</summary>
internal readonly struct OptionValues(Configuration values)
{
    /// <exception cref="ExperimentException">The value is missing or isn't a number.</exception>
    public double Number(string name) => values.Values.TryGetValue(name, out var text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ExperimentException($"The configuration ({values}) has no number for {name}.");

    /// <exception cref="ExperimentException">The value is missing or isn't a number.</exception>
    public int Integer(string name) => (int)Number(name);
}
