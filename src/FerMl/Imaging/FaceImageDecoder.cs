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
        Span<byte> stored = stackalloc byte[FaceResampler.PixelCount];
        FaceResampler.ResampleColor(image.Pixels, image.Width, image.Height, image.RedFirst, stored);
        // A face is square, so that turning it after resampling is exact.
        PixelOrientation.Apply<byte>(stored, FaceResampler.Side, FaceResampler.Side, image.Origin, face);
        return (image.Width, image.Height);
    }
}
