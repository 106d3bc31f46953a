using System.Runtime.InteropServices;
using OpenCvSharp;
using SkiaSharp;

namespace FerMl.Vision;

/// <summary>Reads photos. Their size is checked before they are decoded, and their Exif orientation is applied.</summary>
public static class Photo
{
    /// <summary>Reads an image file.</summary>
    /// <returns>BGR, 8 bits per channel. The caller disposes of it.</returns>
    /// <exception cref="VisionException">The file is missing, isn't an image, is damaged or too large.</exception>
    public static Mat Read(string path) => Decode(ReadEncoded(path), path);

    /// <summary>Reads an image file as a gray image. Doesn't need OpenCV.</summary>
    /// <exception cref="VisionException">The file is missing, isn't an image, is damaged or too large.</exception>
    public static GrayImage ReadGray(string path) => DecodeGray(ReadEncoded(path), path);

    /// <summary>Decodes an image from memory, such as the body of a request.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image.</param>
    /// <param name="name">The name to use in messages.</param>
    /// <param name="maxPixels">The maximum number of pixels; an image that announces more isn't decoded.</param>
    /// <returns>BGR, 8 bits per channel. The caller disposes of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The maximum number of pixels is below 1, or more than is ever accepted.</exception>
    /// <exception cref="VisionException">It isn't an image, is damaged or too large.</exception>
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

    /// <summary>Decodes an image from memory as a gray image (ITU-R BT.601). Doesn't need OpenCV.</summary>
    /// <inheritdoc cref="Decode"/>
    /// <returns>The gray image.</returns>
    public static GrayImage DecodeGray(ReadOnlySpan<byte> encoded, string name = "image", int maxPixels = FrameSources.MaxPixels)
    {
        using var image = DecodeStored(encoded, name, maxPixels);
        var pixels = new byte[image.Width * image.Height];
        FaceResampler.ToGray(image.Pixels, image.RedFirst, pixels);
        return PixelOrientation.Upright(new GrayImage(pixels, image.Width, image.Height), image.Origin);
    }

    /// <summary>Reads a file's bytes, up to the size limit.</summary>
    /// <exception cref="VisionException">The file can't be read, or is too large.</exception>
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
