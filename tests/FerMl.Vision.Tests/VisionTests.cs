using FerMl.Tests;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

/// <summary>
/// Tests that need OpenCV's native library and a face cascade; skipped if they are missing (eng/setup.sh installs them).
/// </summary>
public abstract class VisionTests : FolderTests
{
    [OneTimeSetUp]
    public void NeedOpenCv()
    {
        try
        {
            OpenCv.EnsureLoaded();
            _ = CascadeFile.Find("alt2");
        }
        catch (VisionException e)
        {
            Assert.Ignore(e.Message);
        }
    }

    private static readonly Lazy<IReadOnlyList<byte[]>> Chosen = new(() =>
        VideoFaces.Choose(SyntheticFaces.Create(seed: 3), 5, () => new Both()));

    /// <summary>Synthetic faces that both the cascade and FerMl's own detector detect.</summary>
    private protected static IReadOnlyList<byte[]> Faces => Chosen.Value;

    private protected static Mat GrayOf(Mat image) => image.CvtColor(ColorConversionCodes.BGR2GRAY);

    private protected string Clip(string name, int faces = 1, int frames = 20, double framesPerSecond = 30)
    {
        var path = Folder.Path(name);
        new MovingFaces([.. Faces.Take(faces)]).WriteVideo(path, frames, framesPerSecond);
        return path;
    }

    /// <summary>Returns the faces that both detectors find.</summary>
    private sealed class Both : IFaceDetector
    {
        private readonly HaarFaceDetector _cascade = new();
        private readonly CnnFaceDetector _own = new(CnnDetectorOptions.ForVideo);

        public IReadOnlyList<FoundFace> Detect(GrayImage gray) =>
            [.. _own.Detect(gray).Where(face => _cascade.Detect(gray).Any(other => FaceTracker.Overlap(face.Box, other.Box) > 0.5))];

        public void Dispose()
        {
            _cascade.Dispose();
            _own.Dispose();
        }
    }
}
