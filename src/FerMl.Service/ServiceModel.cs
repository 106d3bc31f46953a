using System.Diagnostics.Metrics;
using FerMl.Vision;

namespace FerMl.Service;

/// <summary>A model that requests can select, with its predictor and photo reader.</summary>
internal sealed class ServiceModel : IDisposable
{
    private readonly EmotionPredictor? _owned;
    private readonly Lazy<PhotoReader> _photos;

    /// <param name="name">Its name.</param>
    /// <param name="predictor">The model.</param>
    /// <param name="isOwned">Whether the model is disposed with this object.</param>
    /// <param name="detector">Creates a face detector for photos.</param>
    /// <param name="batchSize">Records the number of faces per batch.</param>
    public ServiceModel(
        string name, EmotionPredictor predictor, bool isOwned, Func<IFaceDetector> detector, Histogram<int> batchSize)
    {
        (Name, _owned) = (name, isOwned ? predictor : null);
        Predictor = new BatchingPredictor(predictor, batchSize);
        _photos = new Lazy<PhotoReader>(() => new PhotoReader(detector, Predictor));
    }

    public string Name { get; }

    /// <summary>Scores faces, batched across requests.</summary>
    public BatchingPredictor Predictor { get; }

    /// <summary>Detects and scores the faces in photos.</summary>
    public PhotoReader Photos => _photos.Value;

    public void Dispose()
    {
        if (_photos.IsValueCreated)
            _photos.Value.Dispose();
        Predictor.Dispose();
        _owned?.Dispose();
    }
}
