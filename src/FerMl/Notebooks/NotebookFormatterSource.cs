using System.Diagnostics.CodeAnalysis;

namespace FerMl;

/// <summary>Provides .NET Interactive with the formatter of FerMl's types.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "Found by name on an instance.")]
internal sealed class NotebookFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() => [new NotebookFormatter()];
}
