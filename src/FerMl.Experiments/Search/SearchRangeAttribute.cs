namespace FerMl.Experiments;

/// <summary>Searches a numeric property in a range. Properties of an integer type get integers.</summary>
/// <param name="min">The lower bound.</param>
/// <param name="max">The upper bound, above the lower one.</param>
/// <param name="log">Whether the range has a logarithmic scale, as suits learning rates; the lower bound must then be above 0.
/// </param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchRangeAttribute(double min, double max, bool log = false) : Attribute
{
    /// <summary>The lower bound.</summary>
    public double Min => min;

    /// <summary>The upper bound.</summary>
    public double Max => max;

    /// <summary>Whether the range has a logarithmic scale.</summary>
    public bool Log => log;
}
