namespace FerMl.Experiments;

/// <summary>
/// One of several values is to be searched for. A property of an enumeration, or of truth values, takes all of its values where none are
/// given.
/// </summary>
/// <param name="values">The values.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchChoiceAttribute(params object[] values) : Attribute
{
    /// <summary>The values.</summary>
    public IReadOnlyList<object> Values => values;
}
