using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Reads a video as a clip of one face: the largest in the first frame that has one, followed from there; where it is lost for half a
/// second, the largest that is seen then.
/// </summary>
public static class VideoClip
{
    /// <summary>The most frames that are read: five minutes at 30 a second.</summary>
    public const int MaxFrames = 9_000;

    /// <summary>After so many frames without the face it is looked for anywhere: the scene has changed.</summary>
    private const int LostAfter = 15;

    /// <summary>Reads the face in each frame; frames in which it isn't found are left out.</summary>
    /// <param name="path">The video.</param>
    /// <param name="detector">What finds faces; it stays the caller's.</param>
    /// <param name="crop">How they are cut out, or null for the detector's way.</param>
    /// <param name="cancellationToken">Stops between frames.</param>
    /// <returns>2,304 pixel values each, one frame or more.</returns>
    /// <exception cref="FerDataException">It can't be read, has no face, or is too long.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<byte[]> Read(
        string path, IFaceDetector detector, FaceCrop? crop = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(detector);
        crop ??= detector.Framing;
        var faces = new List<byte[]>();
        try
        {
            using var source = FrameSources.Open(path);
            using var gray = new Mat();
            Rect? last = null;
            var (read, missed) = (0, 0);
            while (source.Read() is { } frame)
                using (frame)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (read++ == MaxFrames)
                        throw new FerDataException(
                            $"{path}: has more than {MaxFrames.Grouped()} frames; cut it into clips of one emotion each.");
                    Gray(frame.Image, gray);
                    if (Choose(detector.Detect(gray), missed < LostAfter ? last : null, gray) is not { } found)
                    {
                        missed++;
                        continue;
                    }
                    (last, missed) = (found.Box, 0);
                    var face = new byte[FaceResampler.PixelCount];
                    crop.Crop(gray, found.Box, face, found.Roll);
                    faces.Add(face);
                }
        }
        catch (VisionException e)
        {
            throw new FerDataException($"{path}: {e.Message}", e);
        }
        return faces.Count > 0 ? faces : throw new FerDataException($"{path}: no face was found in it.");
    }

    private static void Gray(Mat image, Mat gray)
    {
        if (image.Channels() == 1)
            image.CopyTo(gray);
        else
            Cv2.CvtColor(image, gray, ColorConversionCodes.BGR2GRAY);
    }

    /// <summary>The face that overlaps the one before most, or the largest where there was none.</summary>
    private static FoundFace? Choose(IReadOnlyList<FoundFace> found, Rect? last, Mat gray)
    {
        var inside = found.Where(face => (face.Box & new Rect(0, 0, gray.Width, gray.Height)) is { Width: > 0, Height: > 0 });
        return last is not { } before ? inside.OrderByDescending(face => face.Box.Width).Cast<FoundFace?>().FirstOrDefault()
            : inside.Where(face => (face.Box & before) is { Width: > 0, Height: > 0 })
                .OrderByDescending(face => (face.Box & before).Width * (face.Box & before).Height).Cast<FoundFace?>().FirstOrDefault();
    }
}
