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
    public static Mat Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return Decode(ImageDecoder.ReadEncoded(path), path);
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
    }

    /// <summary>Decodes an image that is in memory, such as the body of a request.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="maxPixels">The most pixels that it may have: it isn't decoded where it says that it has more.</param>
    /// <returns>Blue, green, red; 8 bits each. The caller disposes of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">So many are never accepted, or none.</exception>
    /// <exception cref="VisionException">It is no image, damaged or too large.</exception>
    public static Mat Decode(ReadOnlySpan<byte> encoded, string name = "image", int maxPixels = FrameSources.MaxPixels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, FrameSources.MaxPixels);
        OpenCv.EnsureLoaded();
        try
        {
            using var image = ImageDecoder.Decode(encoded, name, maxPixels);
            using var stored = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Address);
            var photo = new Mat();
            Cv2.CvtColor(stored, photo, image.RedFirst ? ColorConversionCodes.RGBA2BGR : ColorConversionCodes.BGRA2BGR);
            ApplyExif(photo, image.Origin);
            return photo;
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
    }

    /// <summary>Reads an image file as a gray image. Needs no OpenCV.</summary>
    /// <exception cref="VisionException">It is missing, no image, damaged or too large.</exception>
    public static GrayImage ReadGray(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return DecodeGray(ImageDecoder.ReadEncoded(path), path);
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
    }

    /// <summary>Decodes an image that is in memory as a gray one (ITU-R BT.601). Needs no OpenCV.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="maxPixels">The most pixels that it may have: it isn't decoded where it says that it has more.</param>
    /// <exception cref="ArgumentOutOfRangeException">So many are never accepted, or none.</exception>
    /// <exception cref="VisionException">It is no image, damaged or too large.</exception>
    public static GrayImage DecodeGray(ReadOnlySpan<byte> encoded, string name = "image", int maxPixels = FrameSources.MaxPixels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, FrameSources.MaxPixels);
        try
        {
            using var image = ImageDecoder.Decode(encoded, name, maxPixels);
            var pixels = new byte[image.Width * image.Height];
            FaceResampler.ToGray(image.Pixels, image.RedFirst, pixels);
            return GrayTurns.Upright(new GrayImage(pixels, image.Width, image.Height), image.Origin);
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
    }

    /// <summary>Undoes the camera's orientation (Exif 2.32, tag 274).</summary>
    private static void ApplyExif(Mat photo, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomLeft)
            Cv2.Flip(photo, photo, origin is SKEncodedOrigin.TopRight ? FlipMode.Y : FlipMode.X);
        else if (origin is SKEncodedOrigin.BottomRight)
            Cv2.Rotate(photo, photo, RotateFlags.Rotate180);
        else if (origin is SKEncodedOrigin.RightTop or SKEncodedOrigin.LeftBottom)
            Cv2.Rotate(photo, photo,
                origin is SKEncodedOrigin.RightTop ? RotateFlags.Rotate90Clockwise : RotateFlags.Rotate90Counterclockwise);
        else if (origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightBottom)
        {
            Cv2.Transpose(photo, photo);
            if (origin is SKEncodedOrigin.RightBottom)
                Cv2.Rotate(photo, photo, RotateFlags.Rotate180);
        }
    }
}
