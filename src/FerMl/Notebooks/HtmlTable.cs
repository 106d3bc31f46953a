using System.Text;

namespace FerMl;

/// <summary>Builds small HTML tables with a header row; the first column is left-aligned, the others are right-aligned.</summary>
internal static class HtmlTable
{
    private const string Left = "style=\"text-align:left;padding:0.1em 0.6em\"", Right = "style=\"text-align:right;padding:0.1em 0.6em\"";

    /// <param name="caption">The caption above the table.</param>
    /// <param name="header">The column headers.</param>
    /// <param name="rows">The cells of each row, as text; one per column.</param>
    public static string Of(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var html = new StringBuilder("<table><caption style=\"text-align:left\">").Append(PlainText.Html(caption))
            .Append("</caption><thead><tr>");
        Row(header, "th");
        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            Row(row, "td");
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();

        void Row(IReadOnlyList<string> cells, string tag)
        {
            for (var i = 0; i < cells.Count; i++)
                html.Append('<').Append(tag).Append(' ').Append(i == 0 ? Left : Right).Append('>')
                .Append(PlainText.Html(cells[i])).Append("</").Append(tag).Append('>');
        }
    }
}
