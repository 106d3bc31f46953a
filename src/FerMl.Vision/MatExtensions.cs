using System.Runtime.InteropServices;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Lets OpenCV images be used where FerMl accepts gray images.</summary>
public static class MatExtensions
{
    /// <summary>Copies an OpenCV image to a gray image.</summary>
    /// <param name="image">8 bits per channel: gray or BGR.</param>
    /// <exception cref="VisionException">The image has another type, or is empty.</exception>
    public static GrayImage ToGrayImage(this Mat image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var size = image.Size();
        if (size.Width < 1 || size.Height < 1)
            throw new VisionException("The image has no pixels.");
        var type = image.Type();
        if (type == MatType.CV_8UC3)
        {
            using var gray = image.CvtColor(ColorConversionCodes.BGR2GRAY);
            return ToGrayImage(gray);
        }
        if (type != MatType.CV_8UC1)
            throw new VisionException($"The image has type {type}; expected 8 bits per channel, gray or BGR.");
        using var joined = image.IsContinuous() ? null : image.Clone();
        return new GrayImage((joined ?? image).AsSpan<byte>().ToArray(), size.Width, size.Height);
    }

    /// <summary>Detects the faces in an OpenCV image.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="image">8 bits per channel: gray or BGR.</param>
    /// <exception cref="VisionException">The image has another type, or is empty.</exception>
    public static IReadOnlyList<FoundFace> Detect(this IFaceDetector detector, Mat image)
    {
        ArgumentNullException.ThrowIfNull(detector);
        return detector.Detect(ToGrayImage(image));
    }

    /// <summary>Crops a face from an OpenCV image.</summary>
    /// <inheritdoc cref="FaceCrop.Crop(GrayImage, Rect, Span{byte}, double)"/>
    public static void Crop(this FaceCrop crop, Mat image, Rect box, Span<byte> face, double roll = 0)
    {
        ArgumentNullException.ThrowIfNull(crop);
        crop.Crop(ToGrayImage(image), box, face, roll);
    }

    /// <summary>The image as an OpenCV matrix, which shares the pixels where they are an array. The caller disposes of it.</summary>
    internal static Mat ToMat(this GrayImage image)
    {
        var pixels = MemoryMarshal.TryGetArray(image.Pixels, out var array) && array is { Offset: 0, Array: { } whole } ? whole
            : image.Pixels.ToArray();
        return Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC1, pixels);
    }
}
