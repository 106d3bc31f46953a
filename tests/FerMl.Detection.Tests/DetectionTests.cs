using FerMl.Tests;
using FerMl.Training;
using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Detection.Tests;

/// <summary>Tests that compose scenes with OpenCV; skipped if its native library can't be loaded.</summary>
public abstract class DetectionTests : FolderTests
{
    private static readonly Lazy<IReadOnlyList<byte[]>> Drawn =
        new(() => [.. SyntheticFaces.Create(seed: 3).Samples.Take(50).Select(face => face.Pixels.ToArray())]);

    private protected static IReadOnlyList<byte[]> Faces => Drawn.Value;

    [OneTimeSetUp]
    public void NeedOpenCv()
    {
        try
        {
            OpenCv.EnsureLoaded();
        }
        catch (VisionException e)
        {
            Assert.Ignore(e.Message);
        }
    }

    private protected static RandomStream Random(int number, int seed = 1) => new(seed, RandomPurpose.Scene, 0, number);

    /// <summary>A folder of images without faces.</summary>
    private protected string BackgroundFolder(int images = 20)
    {
        var folder = Folder.Path("backgrounds");
        Directory.CreateDirectory(folder);
        for (var i = 0; i < images; i++)
        {
            using var image = new Mat(150, 200, MatType.CV_8UC3, new Scalar(20 + 10 * i, 100, 200 - 9 * i));
            Cv2.Circle(image, new Point(20 + 8 * i, 70), 15 + i, new Scalar(200, 30, 10 * i), -1);
            Cv2.ImEncode(".png", image, out var png);
            File.WriteAllBytes(Path.Combine(folder, $"{i:D2}.png"), png);
        }
        return folder;
    }
}
