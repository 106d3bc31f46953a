using OpenCvSharp;

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
            var encoded = FaceImageDecoder.ReadEncoded(path);
            FaceImageDecoder.CheckEncoded(encoded, path);
            var image = Cv2.ImDecode(encoded, ImreadModes.Color);
            if (!image.Empty())
                return image;
            image.Dispose();
            throw new VisionException($"{path}: the image is damaged.");
        }
        catch (FaceImageException e)
        {
            throw new VisionException(e.Message, e);
        }
        catch (OpenCVException e)
        {
            throw new VisionException($"{path}: the image is damaged ({e.Message.Split('\n')[0]}).", e);
        }
    }
}
