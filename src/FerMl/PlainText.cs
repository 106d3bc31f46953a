using System.Globalization;
using System.Net;
using System.Text;

namespace FerMl;

/// <summary>
/// Sanitizes text from outside (file names, model labels, metadata) for display in a terminal, on a page, in an image or in a spreadsheet.
/// </summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The text with � in place of invisible characters that change the output: control characters except line ends and tabs, bidirectional
    /// controls, lone surrogates. The result is valid in XML (XML 1.0, production 2).
    /// </summary>
    public static string Clean(string text)
    {
        var harmful = Harmful(text, 0);
        if (harmful < 0)
            return text;
        var clean = new StringBuilder(text);
        for (; harmful >= 0; harmful = Harmful(text, harmful + 1))
            clean[harmful] = Replacement;
        return clean.ToString();
    }

    /// <summary>The sanitized text, HTML-encoded.</summary>
    public static string Html(string text) => WebUtility.HtmlEncode(Clean(text));

    /// <summary>
    /// The sanitized text as a CSV cell for spreadsheets, with a leading apostrophe if it would be read as a formula (OWASP, "CSV
    /// Injection"). Numbers stay unchanged.
    /// </summary>
    public static string Cell(string text)
    {
        text = Clean(text);
        return text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..]
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? $"'{text}" : text;
    }

    private static int Harmful(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if ((char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || char.IsSurrogate(c) || c is >= '\u202A' and <= '\u202E'
                or >= '\u2066' and <= '\u2069' or '\uFFFE' or '\uFFFF')
                return i;
        }
        return -1;
    }
}
