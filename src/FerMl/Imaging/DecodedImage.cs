using SkiaSharp;

namespace FerMl;

/// <summary>
/// An image decoded as it was stored: 8 bits for each of four channels, row by row without padding. Its size was checked before.
/// </summary>
internal sealed class DecodedImage(SKBitmap bitmap, SKEncodedOrigin origin) : IDisposable
{
    public int Width => bitmap.Width;
    public int Height => bitmap.Height;

    /// <summary>Whether the channels are red, green, blue, alpha; else blue, green, red, alpha.</summary>
    public bool RedFirst => bitmap.ColorType == SKColorType.Rgba8888;

    /// <summary>How it has to be turned to stand upright (Exif 2.32, tag 274).</summary>
    public SKEncodedOrigin Origin => origin;

    public ReadOnlySpan<byte> Pixels => bitmap.GetPixelSpan();

    public IntPtr Address => bitmap.GetPixels();

    public void Dispose() => bitmap.Dispose();
}
