using FerMl.Vision;

namespace FerMl.Service;

/// <summary>A thread-safe face detector: each concurrent call uses its own detector from a pool.</summary>
internal sealed class DetectorPool : IFaceDetector
{
    private readonly Pool<IFaceDetector> _detectors;

    public DetectorPool(Func<IFaceDetector> create)
    {
        _detectors = new Pool<IFaceDetector>(create);
        Framing = _detectors.Use(detector => detector.Framing);
    }

    public FaceCrop Framing { get; }

    public IReadOnlyList<FoundFace> Detect(GrayImage gray) => _detectors.Use(detector => detector.Detect(gray));

    public IReadOnlyList<FoundFace> Detect(GrayImage gray, IReadOnlyList<FoundFace> known) =>
        _detectors.Use(detector => detector.Detect(gray, known));

    public void Dispose() => _detectors.Dispose();
}
