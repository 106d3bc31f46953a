using System.Globalization;
using System.Security;
using System.Text;

namespace FerMl.Reporting;

/// <summary>
/// A self-contained SVG image of faces, text and shapes, with its own background so that it is readable on a light and on a dark page.
/// </summary>
internal sealed class SvgImage
{
    public const string Ink = "#1f2328";
    public const string Gray = "#59636e";

    private const int TitleSize = 16;

    private readonly StringBuilder _svg = new();

    /// <param name="width">Width of the content in pixels; a longer title widens the image on both sides.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="title">The title above the content, also for screen readers.</param>
    public SvgImage(int width, int height, string title)
    {
        var margin = Math.Max(0, ((int)(title.Length * WideText.WidthOf(TitleSize, isBold: true)) + 2 * TitleSize - width + 1) / 2);
        var full = width + 2 * margin;
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{-margin} 0 {full} {height}\" width=\"{full}\" height=\"{height}\" "
            + $"font-family=\"system-ui, 'DejaVu Sans', sans-serif\" text-anchor=\"middle\" role=\"img\" aria-label=\"{Escape(title)}\">");
        Line($"<rect x=\"{-margin}\" width=\"{full}\" height=\"{height}\" rx=\"8\" fill=\"#fafafa\"/>");
        Text(width / 2, 28, TitleSize, title, isBold: true);
    }

    /// <summary>Adds a line of text, centered on x or ending there.</summary>
    public void Text(int x, int y, int size, string text, string color = Ink, bool isBold = false, bool endsAtX = false) =>
        Line($"<text x=\"{x}\" y=\"{y}\" "
            + $"font-size=\"{size}\"{(isBold ? " font-weight=\"600\"" : "")}{(endsAtX ? " text-anchor=\"end\"" : "")} "
                + $"fill=\"{color}\">{Escape(text)}</text>");

    /// <summary>Adds a line through several points; its title is its tooltip.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, string color, double width, double opacity, string title) =>
        Line($"<polyline points=\"{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture,
            $"{point.X:F1},{point.Y:F1}")))}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width:F1}\" "
                + $"stroke-opacity=\"{opacity:F2}\"><title>{Escape(title)}</title></polyline>");

    /// <summary>Adds a straight line.</summary>
    public void Stroke(double x1, double y1, double x2, double y2, string color, double width = 1, bool isDashed = false) =>
        Line($"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" stroke=\"{color}\" "
            + $"stroke-width=\"{width:F1}\"{(isDashed ? " stroke-dasharray=\"5 4\"" : "")}/>");

    /// <summary>Adds a face of 48x48 pixel values as a square of the given side.</summary>
    public void Face(int x, int y, int side, ReadOnlySpan<byte> face) =>
        Line($"<image x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" href=\"{HtmlImage.FaceAddress(face)}\"/>");

    /// <summary>Adds another image's content at a position.</summary>
    public void Nest(int x, int y, int width, int height, string content) =>
        Line($"<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" text-anchor=\"start\">{content}</svg>");

    /// <summary>Adds a rectangle; its title is its tooltip.</summary>
    public void Box(double x, double y, double width, double height, string color, double opacity, string title) =>
        Line($"<rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{width:F1}\" height=\"{height:F1}\" fill=\"{color}\" "
            + $"fill-opacity=\"{opacity:F2}\"><title>{Escape(title)}</title></rect>");

    /// <summary>The image as SVG.</summary>
    public string ToSvg() => $"{_svg}</svg>\n";

    private static string Escape(string text) => SecurityElement.Escape(PlainText.Clean(text));

    private void Line(InvariantText text) => _svg.Append(text.ToString()).Append('\n');
}
