namespace FerMl;

/// <summary>What notebooks show as HTML.</summary>
internal interface IHtmlValue
{
    /// <summary>A fragment of HTML.</summary>
    string ToHtml();
}
