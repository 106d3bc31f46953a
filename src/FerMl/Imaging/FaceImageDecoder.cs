namespace FerMl;

/// <summary>Decodes an encoded image to a 48x48 gray face.</summary>
internal static class FaceImageDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <exception cref="FaceImageException">The file is unreadable, damaged, truncated, empty, too large, or not an image.</exception>
    public static void DecodeFile(string path, Span<byte> face) => Decode(ImageDecoder.ReadEncoded(path), path, face);

    /// <summary>Decodes a stream from its current position to its end.</summary>
    /// <returns>Width and height of the image as stored.</returns>
    /// <exception cref="FaceImageException">It is damaged, truncated, empty, too large, or not an image.</exception>
    public static (int Width, int Height) Decode(Stream encoded, string name, Span<byte> face) =>
        Decode(ImageDecoder.ReadEncoded(encoded, name), name, face);

    /// <summary>Decodes the bytes of an encoded image.</summary>
    /// <returns>Width and height of the image as stored.</returns>
    /// <exception cref="FaceImageException">The bytes are damaged, truncated, empty, too large, or not an image.</exception>
    public static (int Width, int Height) Decode(
        ReadOnlySpan<byte> encoded, string name, Span<byte> face, int maxPixels = FaceResampler.MaxImagePixels)
    {
        using var image = ImageDecoder.Decode(encoded, name, maxPixels);
        Span<byte> stored = stackalloc byte[FaceResampler.PixelCount];
        FaceResampler.ResampleColor(image.Pixels, image.Width, image.Height, image.RedFirst, stored);
        // The face is square, so applying the orientation after resampling is exact.
        PixelOrientation.Apply<byte>(stored, FaceResampler.Side, FaceResampler.Side, image.Origin, face);
        return (image.Width, image.Height);
    }
}
