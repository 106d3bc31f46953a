using System.Globalization;
using System.Text.RegularExpressions;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Opens sources by path, URL or camera number.</summary>
public static partial class FrameSources
{
    /// <summary>The maximum number of pixels of a frame (50 million); an 8K frame has 33 million.</summary>
    public const int MaxPixels = FaceResampler.MaxImagePixels;

    /// <summary>Opens a camera by its number or device, a stream, a folder of images, an image, or a video file.</summary>
    /// <param name="source">A camera number from 0, a device such as <c>/dev/video0</c>, a URL that begins with <c>rtsp://</c>,
    /// <c>http://</c> or the like, or a path.</param>
    /// <exception cref="VisionException">The camera, file or folder doesn't exist or can't be used; the message says what to
    /// do.</exception>
    public static IFrameSource Open(string source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        OpenCv.EnsureLoaded();
        if (FfmpegSource.IsAddress(source))
            return new FfmpegSource(source);
        if (CameraDevice().Match(source) is { Success: true } device && OperatingSystem.IsLinux())
            return new CameraSource(int.Parse(device.Groups[1].Value, CultureInfo.InvariantCulture));
        if (Directory.Exists(source))
            return ImageFilesSource.OfFolder(source);
        if (File.Exists(source))
        {
            try
            {
                RegularFile.Check(source);
            }
            catch (IOException e)
            {
                throw new VisionException($"{source}: {e.Message}.", e);
            }
            return IsStill(source) ? new ImageFilesSource(source, [source]) : OpenVideo(source);
        }
        if (int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out var camera))
            return new CameraSource(camera);
        throw new VisionException(
            $"{source}: no such file or folder; give a video, an image, a folder of images, an address (rtsp://, "
                + $"http://), or the number of a camera (0 is the first).");
    }

    /// <summary>Opens a video with OpenCV, or where that can't read it, with the system's ffmpeg.</summary>
    private static IFrameSource OpenVideo(string path)
    {
        if (VideoFileSource.TryOpen(path) is { } video)
            return video;
        var wrong = $"{path}: not a video that can be read; its format is unknown, or it is cut short or damaged.";
        if (!Ffmpeg.IsInstalled)
            throw new VisionException($"{wrong} Some formats, such as AV1, need the program ffmpeg: {Ffmpeg.Remedy}.");
        try
        {
            return FfmpegSource.OfFile(path);
        }
        catch (VisionException e)
        {
            throw new VisionException(wrong, e);
        }
    }

    /// <summary>Whether a file is a still image. A GIF may be animated, so it is read as a video.</summary>
    private static bool IsStill(string path) =>
        ImageDecoder.HasImageExtension(path) && !Path.GetExtension(path).Equals(".gif", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^/dev/video([0-9]{1,3})$")]
    private static partial Regex CameraDevice();

    internal static void CheckSize(int width, int height, string name)
    {
        if (width < 1 || height < 1)
            throw new VisionException($"{name}: the frame is empty ({width}x{height} pixels).");
        if ((long)width * height > MaxPixels)
            throw new VisionException(
                $"{name}: {width}x{height} is {((long)width * height / 1e6).ToTenths()} megapixels, more than the "
                    + $"{MaxPixels / 1_000_000} that are accepted; make it smaller.");
    }

    /// <summary>Reads the next frame, if there is one. On damaged frames OpenCV either throws or returns false.</summary>
    internal static bool TryRead(VideoCapture capture, Mat image)
    {
        try
        {
            return capture.Read(image) && !image.Empty();
        }
        catch (OpenCVException)
        {
            return false;
        }
    }
}
