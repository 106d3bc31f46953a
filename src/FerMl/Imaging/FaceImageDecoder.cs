using SkiaSharp;

namespace FerMl;

/// <summary>Reads an encoded image as a 48x48 gray face.</summary>
internal static class FaceImageDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <exception cref="FaceImageException">It can't be read, or is no image, damaged, cut short, empty or too large.</exception>
    public static void DecodeFile(string path, Span<byte> face) => Decode(ImageDecoder.ReadEncoded(path), path, face);

    /// <summary>Decodes what the stream holds from here to its end.</summary>
    /// <returns>Width and height of the image as it was stored.</returns>
    /// <exception cref="FaceImageException">It is no image, damaged, cut short, empty or too large.</exception>
    public static (int Width, int Height) Decode(Stream encoded, string name, Span<byte> face) =>
        Decode(ImageDecoder.ReadEncoded(encoded, name), name, face);

    /// <summary>Decodes the bytes of an encoded image.</summary>
    /// <returns>Width and height of the image as it was stored.</returns>
    /// <exception cref="FaceImageException">They are no image, damaged, cut short, empty or too large.</exception>
    public static (int Width, int Height) Decode(
        ReadOnlySpan<byte> encoded, string name, Span<byte> face, int maxPixels = FaceResampler.MaxImagePixels)
    {
        using var image = ImageDecoder.Decode(encoded, name, maxPixels);
        Span<byte> upright = stackalloc byte[FaceResampler.PixelCount];
        FaceResampler.ResampleColor(image.Pixels, image.Width, image.Height, image.RedFirst, upright);
        ApplyExif(upright, image.Origin, face);
        return (image.Width, image.Height);
    }

    /// <summary>Undoes the camera orientation (Exif 2.32, tag 274). The face is square, so turning it after resampling is exact.</summary>
    private static void ApplyExif(ReadOnlySpan<byte> stored, SKEncodedOrigin origin, Span<byte> face)
    {
        const int last = FaceResampler.Side - 1;
        for (var y = 0; y < FaceResampler.Side; y++)
        {
            for (var x = 0; x < FaceResampler.Side; x++)
            {
                var (column, row) = origin switch
                {
                    SKEncodedOrigin.TopRight => (last - x, y),
                    SKEncodedOrigin.BottomRight => (last - x, last - y),
                    SKEncodedOrigin.BottomLeft => (x, last - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, last - x),
                    SKEncodedOrigin.RightBottom => (last - y, last - x),
                    SKEncodedOrigin.LeftBottom => (last - y, x),
                    _ => (x, y),
                };
                face[y * FaceResampler.Side + x] = stored[row * FaceResampler.Side + column];
            }
        }
    }
}
