using System.Text;

namespace FerMl;

/// <summary>
/// Images as HTML that carries them: Jupyter takes SVG, and most styles, out of notebooks that aren't trusted, which is how every
/// notebook of somebody else's opens, but leaves images.
/// </summary>
internal static class HtmlImage
{
    /// <param name="svg">An image that stands for itself.</param>
    /// <param name="alt">What it shows, for those who can't see it.</param>
    public static string OfSvg(string svg, string alt) =>
        $"<img alt=\"{PlainText.Html(alt)}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">";

    /// <param name="face">Pixel values, 48x48.</param>
    /// <param name="side">How large it is shown, in pixels.</param>
    /// <param name="alt">What it shows.</param>
    public static string OfFace(ReadOnlySpan<byte> face, int side, string alt) =>
        FormattableString.Invariant($"<img width=\"{side}\" height=\"{side}\" alt=\"{PlainText.Html(alt)}\" ")
            + $"src=\"{FaceAddress(face)}\">";

    /// <summary>A face as an address that carries its PNG image.</summary>
    /// <param name="face">Pixel values, 48x48.</param>
    public static string FaceAddress(ReadOnlySpan<byte> face) =>
        $"data:image/png;base64,{Convert.ToBase64String(FaceImageEncoder.Png(face))}";
}
