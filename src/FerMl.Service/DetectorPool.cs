using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Service;

/// <summary>
/// One detector for any number of threads: each that looks for faces at a time has one of its own, and they are made as they are needed.
/// </summary>
internal sealed class DetectorPool : IFaceDetector
{
    private readonly Func<IFaceDetector> _create;
    private readonly Lock _lock = new();
    private readonly Stack<IFaceDetector> _free = [];
    private bool _isDisposed;

    public DetectorPool(Func<IFaceDetector> create)
    {
        _create = create;
        // What is wrong with the detector is better heard of now than at the first image.
        var first = create();
        Framing = first.Framing;
        _free.Push(first);
    }

    public FaceCrop Framing { get; }

    public IReadOnlyList<FoundFace> Detect(Mat gray)
    {
        var detector = Take();
        try
        {
            return detector.Detect(gray);
        }
        finally
        {
            GiveBack(detector);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_free.TryPop(out var detector))
                detector.Dispose();
        }
    }

    private IFaceDetector Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_free.TryPop(out var detector))
                return detector;
        }
        return _create();
    }

    private void GiveBack(IFaceDetector detector)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _free.Push(detector);
                return;
            }
        }
        detector.Dispose();
    }
}
