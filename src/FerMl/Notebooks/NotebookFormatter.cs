using System.Diagnostics.CodeAnalysis;

namespace FerMl;

/// <summary>Formats <see cref="IHtmlValue"/>s in notebooks. .NET Interactive finds its members by name.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "Found by name on an instance.")]
internal sealed class NotebookFormatter
{
    public const string Html = "text/html";

    public string MimeType => Html;

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not IHtmlValue value)
            return false;
        writer.Write(value.ToHtml());
        return true;
    }
}
