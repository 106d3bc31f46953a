using System.Runtime.InteropServices;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>OpenCV's images where FerMl takes gray ones.</summary>
public static class MatExtensions
{
    /// <summary>A copy of an image as pixel values.</summary>
    /// <param name="image">8 bits each: one channel, or blue, green, red.</param>
    /// <exception cref="VisionException">It is of another kind, or empty.</exception>
    public static GrayImage ToGrayImage(this Mat image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var size = image.Size();
        if (size.Width < 1 || size.Height < 1)
            throw new VisionException("An image without pixels was given.");
        var type = image.Type();
        if (type == MatType.CV_8UC3)
        {
            using var gray = image.CvtColor(ColorConversionCodes.BGR2GRAY);
            return ToGrayImage(gray);
        }
        if (type != MatType.CV_8UC1)
            throw new VisionException($"An image of type {type} was given; expected 8 bits a channel, gray or blue, green, red.");
        using var joined = image.IsContinuous() ? null : image.Clone();
        return new GrayImage((joined ?? image).AsSpan<byte>().ToArray(), size.Width, size.Height);
    }

    /// <summary>Finds the faces in an image of OpenCV.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="image">8 bits each: one channel, or blue, green, red.</param>
    /// <exception cref="VisionException">It is of another kind, or empty.</exception>
    public static IReadOnlyList<FoundFace> Detect(this IFaceDetector detector, Mat image)
    {
        ArgumentNullException.ThrowIfNull(detector);
        return detector.Detect(ToGrayImage(image));
    }

    /// <summary>Crops a face from an image of OpenCV.</summary>
    /// <inheritdoc cref="FaceCrop.Crop(GrayImage, Rect, Span{byte}, double)"/>
    public static void Crop(this FaceCrop crop, Mat image, Rect box, Span<byte> face, double roll = 0)
    {
        ArgumentNullException.ThrowIfNull(crop);
        crop.Crop(ToGrayImage(image), box, face, roll);
    }

    /// <summary>The image as OpenCV takes it, sharing its pixels where they are in an array. The caller disposes of it.</summary>
    internal static Mat ToMat(this GrayImage image)
    {
        var pixels = MemoryMarshal.TryGetArray(image.Pixels, out var array) && array is { Offset: 0, Array: { } whole } ? whole
            : image.Pixels.ToArray();
        return Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC1, pixels);
    }
}
