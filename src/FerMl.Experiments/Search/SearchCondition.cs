namespace FerMl.Experiments;

/// <summary>A choice and its value: what a parameter depends on.</summary>
/// <param name="Parameter">The choice's name.</param>
/// <param name="Value">The value.</param>
public sealed record SearchCondition(string Parameter, string Value)
{
    /// <summary>The condition, such as <c>Pipeline = lbfgs</c>.</summary>
    public override string ToString() => $"{Parameter} = {Value}";
}
