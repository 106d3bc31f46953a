using SkiaSharp;

namespace FerMl;

/// <summary>A decoded image as stored: four channels of 8 bits, row by row without padding. The decoder has validated its size.</summary>
internal sealed class DecodedImage(SKBitmap bitmap, SKEncodedOrigin origin) : IDisposable
{
    public int Width => bitmap.Width;
    public int Height => bitmap.Height;

    /// <summary>Whether the channel order is red, green, blue, alpha; otherwise it is blue, green, red, alpha.</summary>
    public bool RedFirst => bitmap.ColorType == SKColorType.Rgba8888;

    /// <summary>The Exif orientation (Exif 2.32, tag 274).</summary>
    public SKEncodedOrigin Origin => origin;

    public ReadOnlySpan<byte> Pixels => bitmap.GetPixelSpan();

    public IntPtr Address => bitmap.GetPixels();

    public void Dispose() => bitmap.Dispose();
}
