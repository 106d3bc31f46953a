using System.Globalization;

namespace FerMl.Experiments;

/// <summary>The values of a configuration as numbers.</summary>
internal readonly struct OptionValues(Configuration values)
{
    /// <exception cref="ExperimentException">The configuration lacks it, or it is no number.</exception>
    public double Number(string name) => values.Values.TryGetValue(name, out var text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ExperimentException($"The configuration ({values}) has no number for {name}.");

    /// <exception cref="ExperimentException">The configuration lacks it, or it is no number.</exception>
    public int Integer(string name) => (int)Number(name);
}
