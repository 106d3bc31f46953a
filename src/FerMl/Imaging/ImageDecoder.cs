using SkiaSharp;

namespace FerMl;

/// <summary>
/// Decodes images of faces and photos: PNG, JPEG, BMP, WebP and GIF (first frame) with Skia, TIFF with LibTiff. The size is validated
/// before pixels are decoded.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The maximum size of an encoded image, in bytes.</summary>
    public const int MaxEncodedBytes = 64 * 1024 * 1024;

    /// <summary>The file extensions of images in data sets and folders.</summary>
    public static readonly string[] Extensions =
        [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".webp", ".gif", ".tif", ".tiff"];

    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the content of a file, up to the maximum size.</summary>
    /// <exception cref="FaceImageException">It can't be read, or is too large.</exception>
    public static ReadOnlySpan<byte> ReadEncoded(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            return ReadEncoded(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceImageException($"{path}: can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a stream from its current position to its end, up to the maximum size.</summary>
    /// <exception cref="FaceImageException">It can't be read, or is too large.</exception>
    public static ReadOnlySpan<byte> ReadEncoded(Stream encoded, string name)
    {
        using var bytes = new MemoryStream();
        try
        {
            using var limited = new LimitedStream(encoded, MaxEncodedBytes, () => TooLarge(name));
            limited.CopyTo(bytes);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FaceImageException($"{name}: can't be read: {e.Message}", e);
        }
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }

    /// <summary>Reads the content of a file, up to the maximum size.</summary>
    /// <exception cref="FaceImageException">It can't be read, or is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadEncodedAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var stream = RegularFile.OpenRead(path, 1 << 14, isAsync: true);
            await using (stream.ConfigureAwait(false))
                return await ReadEncodedAsync(stream, path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceImageException($"{path}: can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a stream from its current position to its end, up to the maximum size.</summary>
    /// <exception cref="FaceImageException">It can't be read, or is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadEncodedAsync(Stream encoded, string name, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        try
        {
            using var limited = new LimitedStream(encoded, MaxEncodedBytes, () => TooLarge(name));
            await limited.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FaceImageException($"{name}: can't be read: {e.Message}", e);
        }
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static FaceImageException TooLarge(string name) =>
        new($"{name}: the file is larger than the {MaxEncodedBytes >> 20} MB that are accepted.");

    /// <summary>Reads width and height from an image file's header; null if they can't be determined.</summary>
    public static (int Width, int Height)? TryReadSize(string path)
    {
        using var codec = SKCodec.Create(path);
        return codec is null ? null : (codec.Info.Width, codec.Info.Height);
    }

    /// <summary>Decodes the bytes of an encoded image. The caller disposes the result.</summary>
    /// <param name="encoded">The bytes.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="maxPixels">The maximum number of pixels.</param>
    /// <exception cref="FaceImageException">The bytes are damaged, truncated, empty, too large, or not an image.</exception>
    public static DecodedImage Decode(ReadOnlySpan<byte> encoded, string name, int maxPixels = FaceResampler.MaxImagePixels)
    {
        if (encoded.IsEmpty)
            throw new FaceImageException($"{name}: the file is empty.");
        if (TiffImage.IsTiff(encoded))
            return TiffImage.Decode(encoded, name, maxPixels);
        using var data = SKData.CreateCopy(encoded);
        using var codec = SKCodec.Create(data)
            ?? throw new FaceImageException(BeginsLikeAnImage(encoded) ? $"{name}: the image is damaged or cut short."
                : $"{name}: not an image in a supported format ({string.Join(", ", Extensions)}).");
        var bitmap = Allocate(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, name, maxPixels);
        try
        {
            var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
            if (result == SKCodecResult.IncompleteInput)
                throw new FaceImageException($"{name}: the image is cut short.");
            if (result != SKCodecResult.Success)
                throw new FaceImageException($"{name}: the image is damaged ({result}).");
            // Skia only reads the orientation of JPEG files.
            return new DecodedImage(bitmap, ExifOrientation.Find(encoded) ?? codec.EncodedOrigin);
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    /// <summary>Whether the bytes start with the signature of PNG, JPEG, GIF, WebP or BMP.</summary>
    private static bool BeginsLikeAnImage(ReadOnlySpan<byte> encoded) =>
        encoded is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] || encoded.StartsWith("GIF8"u8)
        || encoded.StartsWith("RIFF"u8) || encoded.StartsWith("BM"u8);

    /// <summary>Allocates the pixels of an image after validating its size.</summary>
    /// <exception cref="FaceImageException">The image is empty, too large, or there isn't enough memory.</exception>
    public static SKBitmap Allocate(int width, int height, SKColorType colors, string name, int maxPixels)
    {
        if (width < 1 || height < 1)
            throw new FaceImageException($"{name}: the image is empty ({width}x{height} pixels).");
        if ((long)width * height > maxPixels)
            throw new FaceImageException(
                $"{name}: {width}x{height} is {((long)width * height / 1e6).ToTenths()} megapixels, more than the "
                    + $"{maxPixels / 1_000_000} that are accepted; crop it to the face.");
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(new SKImageInfo(width, height, colors, SKAlphaType.Premul)))
            return bitmap;
        bitmap.Dispose();
        throw new FaceImageException($"{name}: not enough memory for {width}x{height} pixels.");
    }
}
