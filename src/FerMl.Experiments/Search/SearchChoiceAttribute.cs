namespace FerMl.Experiments;

/// <summary>
/// Searches a property among several values. For an enumeration or Boolean property, the default is all values of its type.
/// </summary>
/// <param name="values">The values.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchChoiceAttribute(params object[] values) : Attribute
{
    /// <summary>The values.</summary>
    public IReadOnlyList<object> Values => values;
}
