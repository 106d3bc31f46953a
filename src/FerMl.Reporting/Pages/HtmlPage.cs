using System.Text;
using System.Text.RegularExpressions;

namespace FerMl.Reporting;

/// <summary>
/// A self-contained HTML page of headings, text, tables and images: readable in light and dark mode, on a phone, and on paper. It loads no
/// external resources and runs no script.
/// </summary>
public sealed partial class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1f2328; --gray: #59636e; --line: #d1d9e0; --accent: #0b5cad; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #14181d; --ink: #e6e9ed; --gray: #a5aeb8; --line: #343b44; --accent: #6fb4ff; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 3rem; background: var(--ground); color: var(--ink);
          font: 1rem/1.55 system-ui, "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
        h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
        p { margin: .6rem 0; max-width: 46rem; } .note { color: var(--gray); }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0; }
        .figures div { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
        .figures b { display: block; font-size: 1.45rem; color: var(--accent); }
        .figures span { color: var(--gray); font-size: .85rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .92rem; }
        th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        @media (min-width: 45rem) { th, td { overflow-wrap: break-word; } td:last-child { overflow-wrap: anywhere; } }
        th:first-child, td:first-child { text-align: left; } th { color: var(--gray); font-weight: 600; }
        figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; display: block; border-radius: .5rem; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem;
          align-items: start; margin: 1rem 0; }
        .pair figure { margin: 0; }
        @media print { body { max-width: none; padding: 0; } h2 { break-after: avoid; } figure, tr, .figures div { break-inside: avoid; } }
        """;

    private readonly StringBuilder _body = new();
    private readonly string _title;
    private int _images;

    /// <summary>Creates a page.</summary>
    /// <param name="title">The heading, and the title in the browser.</param>
    /// <param name="subtitle">A line below the heading, or null.</param>
    public HtmlPage(string title, string? subtitle = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        _title = title;
        Line($"<h1>{Text(title)}</h1>");
        if (subtitle is not null)
            Line($"<p class=\"note\">{Text(subtitle)}</p>");
    }

    /// <summary>Adds a heading.</summary>
    public HtmlPage Heading(string text) => Line($"<h2>{Text(text)}</h2>");

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isNote">Whether it is a note, less prominent.</param>
    public HtmlPage Paragraph(string text, bool isNote = false) => Line($"<p{(isNote ? " class=\"note\"" : "")}>{Text(text)}</p>");

    /// <summary>Adds the key figures, each with its name.</summary>
    public HtmlPage KeyFigures(params IEnumerable<(string Value, string Name)> figures) =>
        Line($"<div class=\"figures\">{string.Concat(figures.Select(figure =>
            $"<div><b>{Text(figure.Value)}</b><span>{Text(figure.Name)}</span></div>"))}</div>");

    /// <summary>Adds a table; one wider than the page scrolls.</summary>
    public HtmlPage Table(IReadOnlyList<string> header, params IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(header);
        Line($"<div class=\"wide\"><table><thead><tr>{string.Concat(header.Select(cell =>
            $"<th scope=\"col\">{Text(cell)}</th>"))}</tr></thead><tbody>");
        foreach (var row in rows)
            Line($"<tr>{string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>");
        return Line("</tbody></table></div>");
    }

    /// <summary>Adds images, side by side where there is room.</summary>
    /// <param name="svgs">Self-contained SVG images.</param>
    public HtmlPage Charts(params IEnumerable<string> svgs) =>
        Line($"<div class=\"pair\">{string.Concat(svgs.Select(svg => $"<figure>{Embedded(svg)}</figure>"))}</div>");

    /// <summary>Returns the page as HTML.</summary>
    public string ToHtml() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(_title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        {_body}</body>
        </html>

        """;

    private static string Text(string text) => PlainText.Html(text);

    /// <summary>
    /// Prepares an image for embedding: without XML declaration, scalable, and with identifiers that are unique in the page.
    /// </summary>
    private string Embedded(string svg)
    {
        var start = svg.IndexOf("<svg", StringComparison.Ordinal);
        if (start < 0)
            throw new ArgumentException("An image isn't SVG.", nameof(svg));
        svg = Names().Replace(svg[start..].Trim(), match => $"{match.Groups[1].Value}p{_images}-{match.Groups[2].Value}");
        _images++;
        var root = svg[..svg.IndexOf('>', StringComparison.Ordinal)];
        if (root.Contains("viewBox", StringComparison.Ordinal) || Size().Match(root) is not { Success: true } size)
            return svg;
        return svg.Insert(4, $" viewBox=\"0 0 {size.Groups[1].Value} {size.Groups[2].Value}\"");
    }

    private HtmlPage Line(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }

    [GeneratedRegex("(\\bid=\"|url\\(#|href=\"#)([^\")]+)")]
    private static partial Regex Names();

    [GeneratedRegex("width=\"(\\d+)(?:px)?\" height=\"(\\d+)")]
    private static partial Regex Size();
}
