using System.Text.RegularExpressions;

namespace FerMl.Reporting;

/// <summary>
/// A figure that notebooks show even if they aren't trusted: as an image rather than inline SVG, which Jupyter would remove.
/// </summary>
/// <example>
/// <code>
/// var faces = SyntheticFaces.Create(70);
/// var figure = new FerMl.Reporting.SvgFigure(FerMl.Reporting.FaceGrid.ToSvg(
///     "Faces", [.. faces.Samples.Take(7).Select(face => new FerMl.Reporting.FaceTile(face))]));
/// </code>
/// </example>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed partial class SvgFigure : IHtmlValue
{
    /// <summary>Creates a figure.</summary>
    /// <param name="svg">An SVG image, such as the charts of this package.</param>
    /// <exception cref="ArgumentException">The text isn't an SVG image.</exception>
    public SvgFigure(string svg)
    {
        ArgumentNullException.ThrowIfNull(svg);
        if (!Begin().IsMatch(svg))
            throw new ArgumentException("A figure needs an SVG image, which starts with <svg.", nameof(svg));
        Svg = svg;
    }

    /// <summary>The image as SVG.</summary>
    public string Svg { get; }

    /// <summary>The figure as HTML: an image element that contains it.</summary>
    public string ToHtml() => HtmlImage.OfSvg(
        Svg, Label().Match(Svg) is { Success: true } label ? System.Net.WebUtility.HtmlDecode(label.Groups["text"].Value) : "figure");

    [GeneratedRegex("^(?:\\s|<\\?[^>]*>|<!--.*?-->|<![^>]*>)*<svg\\b")]
    private static partial Regex Begin();

    [GeneratedRegex("<svg [^>]*aria-label=\"(?<text>[^\"]*)\"")]
    private static partial Regex Label();
}
