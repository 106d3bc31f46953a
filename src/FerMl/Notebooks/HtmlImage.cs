using System.Text;

namespace FerMl;

/// <summary>
/// Embeds images in HTML as data URIs. In untrusted notebooks, as all notebooks from others are, Jupyter removes SVG and most styles but
/// keeps images.
/// </summary>
internal static class HtmlImage
{
    /// <param name="svg">A self-contained SVG image.</param>
    /// <param name="alt">The alternative text.</param>
    public static string OfSvg(string svg, string alt) =>
        $"<img alt=\"{PlainText.Html(alt)}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">";

    /// <param name="face">Pixel values, 48x48.</param>
    /// <param name="side">Display size in pixels.</param>
    /// <param name="alt">The alternative text.</param>
    public static string OfFace(ReadOnlySpan<byte> face, int side, string alt) =>
        FormattableString.Invariant($"<img width=\"{side}\" height=\"{side}\" alt=\"{PlainText.Html(alt)}\" ")
            + $"src=\"{FaceAddress(face)}\">";

    /// <summary>A face as a data URI of its PNG image.</summary>
    /// <param name="face">Pixel values, 48x48.</param>
    public static string FaceAddress(ReadOnlySpan<byte> face) =>
        $"data:image/png;base64,{Convert.ToBase64String(FaceImageEncoder.Png(face))}";
}
