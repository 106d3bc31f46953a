namespace FerMl;

/// <summary>
/// Says how notebooks show a type. .NET Interactive knows this attribute by its name and the shape of its members, whoever declares it, so
/// that FerMl needs none of its packages (dotnet/interactive, docs/formatting.md).
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [NotebookFormatter.Html];
}
