namespace FerMl;

/// <summary>
/// Declares how notebooks format a type. .NET Interactive recognizes this attribute by its name and members, whichever assembly declares
/// it, so FerMl doesn't depend on its packages (dotnet/interactive, docs/formatting.md).
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [NotebookFormatter.Html];
}
