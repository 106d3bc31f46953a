using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Reads a video as a clip of one face: the largest in the first frame with a face, followed from there. Where it is lost for 15 frames,
/// the largest face then.
/// </summary>
public static class VideoClip
{
    /// <summary>The maximum number of frames: five minutes at 30 per second.</summary>
    public const int MaxFrames = 9_000;

    /// <summary>After this many frames without the face, it is searched anywhere: the scene has changed.</summary>
    private const int LostAfter = 15;

    /// <summary>Reads the face in each frame; frames without it are left out.</summary>
    /// <param name="path">The video.</param>
    /// <param name="detector">The face detector; it isn't disposed of.</param>
    /// <param name="crop">How faces are cropped, or null for the detector's default.</param>
    /// <param name="cancellationToken">Cancels reading, between frames.</param>
    /// <returns>2,304 pixel values each, one frame or more.</returns>
    /// <exception cref="FerDataException">The video can't be read, has no face, or is too long.</exception>
    /// <exception cref="OperationCanceledException">Reading was canceled.</exception>
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

    /// <summary>The face that overlaps the previous one most, or the largest where there is none.</summary>
    private static FoundFace? Choose(IReadOnlyList<FoundFace> found, Rect? last, Mat gray)
    {
        var inside = found.Where(face => (face.Box & new Rect(0, 0, gray.Width, gray.Height)) is { Width: > 0, Height: > 0 });
        return last is not { } before ? inside.OrderByDescending(face => face.Box.Width).Cast<FoundFace?>().FirstOrDefault()
            : inside.Where(face => (face.Box & before) is { Width: > 0, Height: > 0 })
                .OrderByDescending(face => (face.Box & before).Width * (face.Box & before).Height).Cast<FoundFace?>().FirstOrDefault();
    }
}
