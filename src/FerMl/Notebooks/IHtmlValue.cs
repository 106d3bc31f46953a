namespace FerMl;

/// <summary>A value that notebooks show as HTML.</summary>
internal interface IHtmlValue
{
    /// <summary>Formats the value as an HTML fragment.</summary>
    string ToHtml();
}
