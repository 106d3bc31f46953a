using SkiaSharp;

namespace FerMl;

/// <summary>Encodes faces as image files.</summary>
internal static class FaceImageEncoder
{
    /// <summary>Encodes a face as PNG.</summary>
    /// <param name="face">2,304 pixel values.</param>
    public static byte[] Png(ReadOnlySpan<byte> face)
    {
        using var image = SKImage.FromPixelCopy(
            new SKImageInfo(FaceResampler.Side, FaceResampler.Side, SKColorType.Gray8, SKAlphaType.Opaque), face, FaceResampler.Side);
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
