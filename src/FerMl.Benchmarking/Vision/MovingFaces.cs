using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Benchmarking;

/// <summary>
/// Video frames of faces that move before a moving background, with known positions, for measurements that need ground truth.
/// </summary>
/// <param name="faces">The faces, 2,304 pixel values each; one or more.</param>
/// <param name="width">Width of a frame in pixels.</param>
/// <param name="height">Height of a frame in pixels.</param>
/// <param name="side">Width and height of a face in pixels.</param>
internal sealed class MovingFaces(IReadOnlyList<byte[]> faces, int width = 640, int height = 480, int side = 130)
{
    // Amplitude of a face's motion as a fraction of its side, and its period in frames.
    private const double Reach = 0.12;
    private const double Period = 90;

    /// <summary>Renders a frame. The caller disposes it.</summary>
    /// <param name="number">The frame number, which determines all positions.</param>
    /// <returns>The image in BGR, and the square of each face.</returns>
    public (Mat Image, Rect[] Places) Draw(int number)
    {
        var image = Background(number);
        var places = new Rect[faces.Count];
        for (var i = 0; i < faces.Count; i++)
        {
            places[i] = PlaceOf(i, number);
            using var small = Mat.FromPixelData(FaceResampler.Side, FaceResampler.Side, MatType.CV_8UC1, faces[i]);
            using var gray = new Mat();
            Cv2.Resize(small, gray, new Size(side, side), 0, 0, InterpolationFlags.Cubic);
            using var color = new Mat();
            Cv2.CvtColor(gray, color, ColorConversionCodes.GRAY2BGR);
            using var place = image.SubMat(places[i]);
            color.CopyTo(place);
        }
        return (image, places);
    }

    /// <summary>Writes a video of the frames.</summary>
    /// <param name="path">The file, .mp4 or .avi.</param>
    /// <param name="frames">Number of frames.</param>
    /// <param name="framesPerSecond">Frames per second.</param>
    public void WriteVideo(string path, int frames, double framesPerSecond = 30)
    {
        using var recorder = new VideoRecorder(path, framesPerSecond);
        for (var number = 0; number < frames; number++)
        {
            var (image, _) = Draw(number);
            using (image)
                recorder.Write(image, TimeSpan.FromSeconds(number / framesPerSecond));
        }
    }

    /// <summary>The square of a face. The faces of a frame form a grid, far enough apart never to touch.</summary>
    private Rect PlaceOf(int face, int number)
    {
        var columns = Math.Min(faces.Count, Math.Max(1, width / (int)(side * (1 + 2 * Reach))));
        var rows = (faces.Count + columns - 1) / columns;
        var (column, row) = (face % columns, face / columns);
        var phase = 2 * Math.PI * number / Period + face;
        var x = (column + 0.5) * width / columns - side / 2.0 + Reach * side * Math.Sin(phase);
        var y = (row + 0.5) * height / rows - side / 2.0 + Reach * side * Math.Cos(phase);
        return new Rect(Math.Clamp((int)x, 0, width - side), Math.Clamp((int)y, 0, height - side), side, side);
    }

    /// <summary>A background of soft moving bands: every pixel changes between frames, and detectors find no face in it.</summary>
    private Mat Background(int number)
    {
        var image = new Mat(height, width, MatType.CV_8UC3);
        for (var y = 0; y < height; y++)
        {
            var row = image.RowSpan<Vec3b>(y);
            for (var x = 0; x < width; x++)
            {
                var level = (byte)(110 + (((x + y + number) >> 3) & 31));
                row[x] = new Vec3b(level, (byte)(level + 8), (byte)(level + 16));
            }
        }
        return image;
    }
}
