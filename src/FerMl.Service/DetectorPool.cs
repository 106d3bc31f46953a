using FerMl.Vision;

namespace FerMl.Service;

/// <summary>One detector for any number of threads: each that looks for faces at a time has one of its own.</summary>
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
