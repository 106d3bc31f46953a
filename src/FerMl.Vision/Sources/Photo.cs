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
        OpenCv.EnsureLoaded();
        try
        {
            using var image = ImageDecoder.Decode(ImageDecoder.ReadEncoded(path), path);
            using var stored = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Address);
            var photo = new Mat();
            Cv2.CvtColor(stored, photo, image.RedFirst ? ColorConversionCodes.RGBA2BGR : ColorConversionCodes.BGRA2BGR);
            Turn(photo, image.Origin);
            return photo;
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
    }

    /// <summary>Undoes the camera's orientation (Exif 2.32, tag 274).</summary>
    private static void Turn(Mat photo, SKEncodedOrigin origin)
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
