using System.Runtime.InteropServices;
using OpenCvSharp;
using SkiaSharp;

namespace FerMl.Vision;

/// <summary>
/// Reads photos: their size is checked before they are decoded, and they come upright as their camera's orientation says.
/// </summary>
public static class Photo
{
    /// <summary>Reads an image file.</summary>
    /// <returns>Blue, green, red; 8 bits each. The caller disposes of it.</returns>
    /// <exception cref="VisionException">It is missing, no image, damaged or too large.</exception>
    public static Mat Read(string path) => Decode(ReadEncoded(path), path);

    /// <summary>Reads an image file as a gray image. Needs no OpenCV.</summary>
    /// <exception cref="VisionException">It is missing, no image, damaged or too large.</exception>
    public static GrayImage ReadGray(string path) => DecodeGray(ReadEncoded(path), path);

    /// <summary>Decodes an image that is in memory, such as the body of a request.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="maxPixels">The most pixels that it may have: it isn't decoded where it says that it has more.</param>
    /// <returns>Blue, green, red; 8 bits each. The caller disposes of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">So many are never accepted, or none.</exception>
    /// <exception cref="VisionException">It is no image, damaged or too large.</exception>
    public static Mat Decode(ReadOnlySpan<byte> encoded, string name = "image", int maxPixels = FrameSources.MaxPixels)
    {
        OpenCv.EnsureLoaded();
        using var image = DecodeStored(encoded, name, maxPixels);
        var isTransposed = PixelOrientation.IsTransposed(image.Origin);
        var (width, height) = isTransposed ? (image.Height, image.Width) : (image.Width, image.Height);
        using var upright = image.Origin == SKEncodedOrigin.TopLeft
            ? Mat.FromPixelData(height, width, MatType.CV_8UC4, image.Address) : new Mat(height, width, MatType.CV_8UC4);
        if (image.Origin != SKEncodedOrigin.TopLeft)
            PixelOrientation.Apply(
                MemoryMarshal.Cast<byte, int>(image.Pixels), image.Width, image.Height, image.Origin, upright.AsSpan<int>());
        return upright.CvtColor(image.RedFirst ? ColorConversionCodes.RGBA2BGR : ColorConversionCodes.BGRA2BGR);
    }

    /// <summary>Decodes an image that is in memory as a gray one (ITU-R BT.601). Needs no OpenCV.</summary>
    /// <inheritdoc cref="Decode"/>
    /// <returns>The gray image.</returns>
    public static GrayImage DecodeGray(ReadOnlySpan<byte> encoded, string name = "image", int maxPixels = FrameSources.MaxPixels)
    {
        using var image = DecodeStored(encoded, name, maxPixels);
        var pixels = new byte[image.Width * image.Height];
        FaceResampler.ToGray(image.Pixels, image.RedFirst, pixels);
        return PixelOrientation.Upright(new GrayImage(pixels, image.Width, image.Height), image.Origin);
    }

    /// <summary>What a file holds, if that isn't too much.</summary>
    /// <exception cref="VisionException">It can't be read, or is too large.</exception>
    internal static ReadOnlySpan<byte> ReadEncoded(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return ImageDecoder.ReadEncoded(path);
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
    }

    private static DecodedImage DecodeStored(ReadOnlySpan<byte> encoded, string name, int maxPixels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, FrameSources.MaxPixels);
        try
        {
            return ImageDecoder.Decode(encoded, name, maxPixels);
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
    }
}
