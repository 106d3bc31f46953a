namespace FerMl.Experiments;

/// <summary>The condition of a parameter: another parameter's choice and its value.</summary>
/// <param name="Parameter">The choice parameter's name.</param>
/// <param name="Value">The required value.</param>
public sealed record SearchCondition(string Parameter, string Value)
{
    /// <summary>The condition, such as <c>Pipeline = lbfgs</c>.</summary>
    public override string ToString() => $"{Parameter} = {Value}";
}
