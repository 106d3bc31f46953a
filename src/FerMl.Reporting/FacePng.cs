using SkiaSharp;

namespace FerMl.Reporting;

/// <summary>A face as a PNG picture inside an SVG.</summary>
internal static class FacePng
{
    /// <summary>The picture as an address that holds its content.</summary>
    public static string ToDataAddress(ReadOnlySpan<byte> face)
    {
        using var image = SKImage.FromPixelCopy(new SKImageInfo(FaceResampler.Side, FaceResampler.Side, SKColorType.Gray8, SKAlphaType.Opaque), face, FaceResampler.Side);
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return $"data:image/png;base64,{Convert.ToBase64String(png.AsSpan())}";
    }
}
