using FerMl.Training;
using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Detection;

/// <summary>A square region of a background image.</summary>
/// <param name="Image">Index of the background.</param>
/// <param name="X">Left edge in pixels.</param>
/// <param name="Y">Top edge in pixels.</param>
/// <param name="Length">Side in pixels.</param>
/// <param name="IsMirrored">Whether it is mirrored horizontally.</param>
internal readonly record struct BackgroundPart(int Image, int X, int Y, int Length, bool IsMirrored);

/// <summary>Gray images without faces, into which faces are pasted.</summary>
internal sealed class Backgrounds : IDisposable
{
    /// <summary>Maximum side; larger images are downscaled, since all are kept in memory.</summary>
    private const int LongestSide = 800;

    /// <summary>Side of the smallest region used for a scene, in pixels: smaller ones have too little detail when enlarged.</summary>
    private const int SmallestPart = 96;

    private const int HeldOutEvery = 16;

    private readonly List<Mat> _images;

    private Backgrounds(IEnumerable<(string Path, Mat Image)> images)
    {
        var all = images.ToArray();
        (_images, Names) = ([.. all.Select(one => one.Image)], [.. all.Select(one => one.Path)]);
    }

    /// <summary>Number of images.</summary>
    public int Count => _images.Count;

    /// <summary>The images.</summary>
    public IReadOnlyList<Mat> Images => _images;

    /// <summary>The path of each image.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Loads all images of a folder. Every sixteenth is held out.</summary>
    /// <exception cref="VisionException">The folder has no readable image.</exception>
    public static (Backgrounds Training, Backgrounds HeldOut) Load(string folder, Action<string>? report = null)
    {
        if (!Directory.Exists(folder))
            throw new VisionException($"{folder}: no such folder; give one with images in which no face can be seen.");
        var images = new List<(string Path, Mat Image)>();
        foreach (var path in new ImageFolder(folder).Images)
        {
            try
            {
                using var photo = Photo.Read(path);
                using var gray = photo.CvtColor(ColorConversionCodes.BGR2GRAY);
                var scale = Math.Min(1, (double)LongestSide / Math.Max(gray.Width, gray.Height));
                if (Math.Min(gray.Width, gray.Height) * scale < SmallestPart)
                    continue;
                images.Add((path, gray.Resize(new Size(), scale, scale, InterpolationFlags.Area)));
            }
            catch (VisionException e)
            {
                report?.Invoke(e.Message);
            }
        }
        if (images.Count == 0)
            throw new VisionException(
                $"{folder}: no image of {SmallestPart} pixels or more that can be read; give a folder with images in "
                    + "which no face can be seen.");
        return (new Backgrounds(images.Where((_, i) => i % HeldOutEvery != HeldOutEvery - 1)),
            new Backgrounds(images.Where((_, i) => i % HeldOutEvery == HeldOutEvery - 1)));
    }

    /// <summary>Draws a random region, from small ones that show detail to large ones that show entire rooms.</summary>
    public BackgroundPart Draw(ref RandomStream random)
    {
        var number = random.Below(Count);
        var (width, height) = (_images[number].Width, _images[number].Height);
        var largest = Math.Min(width, height);
        var length = (int)(SmallestPart * Math.Pow((double)largest / SmallestPart, random.NextDouble()));
        return new BackgroundPart(number, random.Below(width - length + 1), random.Below(height - length + 1), length,
            random.Below(2) == 1);
    }

    /// <summary>Renders a region as a square of pixel values.</summary>
    public void Render(BackgroundPart part, int side, byte[] pixels)
    {
        using var area = _images[part.Image].SubMat(new Rect(part.X, part.Y, part.Length, part.Length));
        using var square = Mat.FromPixelData(side, side, MatType.CV_8UC1, pixels);
        Cv2.Resize(area, square, new Size(side, side), 0, 0, part.Length > side ? InterpolationFlags.Area : InterpolationFlags.Linear);
        if (part.IsMirrored)
            Cv2.Flip(square, square, FlipMode.Y);
    }

    /// <summary>Frees the images.</summary>
    public void Dispose() => _images.ForEach(image => image.Dispose());
}
