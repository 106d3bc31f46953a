namespace FerMl.Experiments;

/// <summary>A number is to be searched between two ends. A property of a integer type takes integers.</summary>
/// <param name="min">The lower end.</param>
/// <param name="max">The upper end, above the lower one.</param>
/// <param name="log">Whether equal factors, not equal distances, are equally likely, as suits learning rates; the lower end is above 0
/// then.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchRangeAttribute(double min, double max, bool log = false) : Attribute
{
    /// <summary>The lower end.</summary>
    public double Min => min;

    /// <summary>The upper end.</summary>
    public double Max => max;

    /// <summary>Whether equal factors are equally likely.</summary>
    public bool Log => log;
}
