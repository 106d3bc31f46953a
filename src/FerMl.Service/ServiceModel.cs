using System.Diagnostics.Metrics;
using FerMl.Vision;

namespace FerMl.Service;

/// <summary>One of the models that requests choose among, with what scores and finds faces for it.</summary>
internal sealed class ServiceModel : IDisposable
{
    private readonly EmotionPredictor? _owned;
    private readonly Lazy<PhotoReader> _photos;

    /// <param name="name">Its name.</param>
    /// <param name="predictor">The model.</param>
    /// <param name="isOwned">Whether the model is freed with this.</param>
    /// <param name="detector">Makes what finds faces in photos.</param>
    /// <param name="batchSize">Hears how many faces are scored together.</param>
    public ServiceModel(
        string name, EmotionPredictor predictor, bool isOwned, Func<IFaceDetector> detector, Histogram<int> batchSize)
    {
        (Name, _owned) = (name, isOwned ? predictor : null);
        Predictor = new BatchingPredictor(predictor, batchSize);
        _photos = new Lazy<PhotoReader>(() => new PhotoReader(detector, Predictor));
    }

    public string Name { get; }

    /// <summary>Scores faces, those of several requests together.</summary>
    public BatchingPredictor Predictor { get; }

    /// <summary>Finds faces in photos.</summary>
    public PhotoReader Photos => _photos.Value;

    public void Dispose()
    {
        if (_photos.IsValueCreated)
            _photos.Value.Dispose();
        Predictor.Dispose();
        _owned?.Dispose();
    }
}
