using System.Globalization;
using System.Text.RegularExpressions;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Opens sources by what people call them.</summary>
public static partial class FrameSources
{
    /// <summary>The largest frame that is accepted, in pixels (50 million): one of 8K has 33.</summary>
    public const int MaxPixels = FaceResampler.MaxImagePixels;

    /// <summary>Opens a camera by its number or device, a stream, a folder of images, an image, or a video file.</summary>
    /// <param name="source">A number from 0, a device such as <c>/dev/video0</c>, an address that begins with <c>rtsp://</c>,
    /// <c>http://</c> or the like, or a path.</param>
    /// <exception cref="VisionException">There is no such camera, file or folder, or it can't be used; the message says what to
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

    /// <summary>Opens a video with what can read it: OpenCV, or the system's ffmpeg.</summary>
    private static IFrameSource OpenVideo(string path)
    {
        if (VideoFileSource.TryOpen(path) is { } video)
            return video;
        var wrong = $"{path}: not a video that can be read; it is of another kind, cut short or damaged.";
        if (!Ffmpeg.IsInstalled)
            throw new VisionException($"{wrong} Some kinds, such as AV1, are read by the program ffmpeg: {Ffmpeg.Remedy}.");
        try
        {
            return FfmpegSource.OfFile(path);
        }
        catch (VisionException e)
        {
            throw new VisionException(wrong, e);
        }
    }

    /// <summary>A GIF may move, so it is read as a video.</summary>
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

    /// <summary>Whether the next frame came. OpenCV throws at some damaged ones and says false at others.</summary>
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
