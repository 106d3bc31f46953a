using SkiaSharp;

namespace FerMl;

/// <summary>Reads an encoded image (PNG, JPEG, BMP, WebP, GIF) as a 48x48 gray face, with its size checked before it is decoded.</summary>
internal static class FaceImageDecoder
{
    /// <summary>The largest encoded image, in bytes.</summary>
    public const int MaxEncodedBytes = 64 * 1024 * 1024;

    /// <summary>The file endings that data sets and folders are searched for.</summary>
    public static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".webp"];

    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Decodes a file.</summary>
    /// <exception cref="FaceImageException">It can't be read, or is no image, damaged, cut short, empty or too large.</exception>
    public static void DecodeFile(string path, Span<byte> face) => Decode(ReadEncoded(path), path, face);

    /// <summary>Decodes what the stream holds from here to its end.</summary>
    /// <exception cref="FaceImageException">It is no image, damaged, cut short, empty or too large.</exception>
    public static void Decode(Stream encoded, string name, Span<byte> face) => Decode(ReadEncoded(encoded, name), name, face);

    /// <summary>What a file holds, if that isn't too much.</summary>
    /// <exception cref="FaceImageException">It can't be read, or is too large.</exception>
    public static ReadOnlySpan<byte> ReadEncoded(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return ReadEncoded(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceImageException($"{path}: can't be read: {e.Message}", e);
        }
    }

    /// <summary>Checks that bytes begin as an image of an accepted size does, without decoding it.</summary>
    /// <exception cref="FaceImageException">They don't.</exception>
    public static void CheckEncoded(ReadOnlySpan<byte> encoded, string name)
    {
        using var data = Data(encoded, name);
        using var codec = Open(data, name);
    }

    /// <summary>Decodes the bytes of an encoded image.</summary>
    /// <exception cref="FaceImageException">They are no image, damaged, cut short, empty or too large.</exception>
    public static void Decode(ReadOnlySpan<byte> encoded, string name, Span<byte> face)
    {
        using var data = Data(encoded, name);
        using var codec = Open(data, name);
        var (width, height) = (codec.Info.Width, codec.Info.Height);

        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Premul)))
            throw new FaceImageException($"{name}: not enough memory for {width}x{height} pixels.");
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result == SKCodecResult.IncompleteInput)
            throw new FaceImageException($"{name}: the image is cut short.");
        if (result != SKCodecResult.Success)
            throw new FaceImageException($"{name}: the image is damaged ({result}).");

        Span<byte> upright = stackalloc byte[FaceResampler.PixelCount];
        FaceResampler.ResampleColor(bitmap.GetPixelSpan(), width, height, redFirst: false, upright);
        Turn(upright, codec.EncodedOrigin, face);
    }

    private static ReadOnlySpan<byte> ReadEncoded(Stream encoded, string name)
    {
        using var bytes = new MemoryStream();
        try
        {
            using var limited = new LimitedStream(encoded, MaxEncodedBytes, () =>
                new FaceImageException($"{name}: the file is larger than the {MaxEncodedBytes >> 20} MB that are accepted."));
            limited.CopyTo(bytes);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FaceImageException($"{name}: can't be read: {e.Message}", e);
        }
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }

    private static SKData Data(ReadOnlySpan<byte> encoded, string name) =>
        encoded.IsEmpty ? throw new FaceImageException($"{name}: the file is empty.") : SKData.CreateCopy(encoded);

    /// <summary>Reads the header, and checks the size that it tells.</summary>
    private static SKCodec Open(SKData data, string name)
    {
        var codec = SKCodec.Create(data)
            ?? throw new FaceImageException($"{name}: not an image in a format that is read ({string.Join(", ", Extensions)}).");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        var wrong = width < 1 || height < 1 ? $"the image is empty ({width}x{height} pixels)."
            : (long)width * height > FaceResampler.MaxImagePixels
            ? $"{width}x{height} is {(long)width * height / 1e6:F1} megapixels, more than the {FaceResampler.MaxImagePixels / 1_000_000} "
                + $"that are accepted; crop it to the face."
            : null;
        if (wrong is null)
            return codec;
        codec.Dispose();
        throw new FaceImageException($"{name}: {wrong}");
    }

    /// <summary>Undoes the camera orientation (Exif 2.32, tag 274). The face is square, so turning it after resampling is exact.</summary>
    private static void Turn(ReadOnlySpan<byte> stored, SKEncodedOrigin origin, Span<byte> face)
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
