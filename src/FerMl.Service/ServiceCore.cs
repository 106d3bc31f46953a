using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using FerMl.Vision;
using Microsoft.AspNetCore.Http;

namespace FerMl.Service;

/// <summary>What all requests share: models, detectors and concurrency limits.</summary>
internal sealed class ServiceCore : IDisposable
{
    // Requests beyond this are rejected and can retry, since they would only wait longer.
    private const int LongestQueue = 256;

    private const long MinUploadMemory = 128 << 20;

    private readonly DetectorPool _liveDetectors;
    private readonly ServiceModel _photo, _live;
    private readonly ConcurrentDictionary<string, Lazy<ServiceModel>> _others = new();

    public ServiceCore(ServiceOptions options, ServiceModels models)
    {
        (Options, Models) = (options, models);
        Metrics = new ServiceMetrics();
        UploadMemory = new UploadMemory(Math.Max(MinUploadMemory, 4L * options.MaxImageBytes));
        _photo = new ServiceModel(models.PhotoName, models.Photo, isOwned: false, models.PhotoDetector, Metrics.BatchSize);
        _live = new ServiceModel(models.LiveName, models.Live, isOwned: false, models.PhotoDetector, Metrics.BatchSize);
        // Create the detector now, so that errors surface before the first request.
        _ = _photo.Photos;
        _liveDetectors = new DetectorPool(models.LiveDetector);
        Work = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            // One more than there are processors: while one request waits for its batch, another detects faces.
            PermitLimit = Environment.ProcessorCount + 1,
            QueueLimit = LongestQueue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>
    /// Limits the images of one caller that are processed concurrently to the number of processors. Other callers then wait for one of
    /// these images, not for all.
    /// </summary>
    public PartitionedRateLimiter<string> WorkByCaller { get; } = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetConcurrencyLimiter(caller, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = Environment.ProcessorCount,
            QueueLimit = LongestQueue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    public ServiceOptions Options { get; }

    public ServiceModels Models { get; }

    public ServiceMetrics Metrics { get; }

    /// <summary>The model names that requests can select: the service's own models and the pretrained ones.</summary>
    public IEnumerable<string> ModelNames => ((string[])[_photo.Name, _live.Name]).Concat(PretrainedModels.Names).Distinct();

    /// <summary>The model with a name, or the service's default without one. Pretrained models are loaded on first use.
    /// </summary>
    /// <param name="name">Name of the model, or null.</param>
    /// <param name="isLive">Whether the model is for live video.</param>
    /// <exception cref="BadHttpRequestException">No model has this name.</exception>
    public ServiceModel ModelOf(string? name, bool isLive)
    {
        var usual = isLive ? _live : _photo;
        if (string.IsNullOrEmpty(name) || name == usual.Name)
            return usual;
        if (name == _photo.Name || name == _live.Name)
            return name == _photo.Name ? _photo : _live;
        return PretrainedModels.Names.Contains(name)
            ? _others.GetOrAdd(name, _ => new Lazy<ServiceModel>(() => new ServiceModel(
                name, EmotionPredictor.LoadDefault(name), isOwned: true, Models.PhotoDetector, Metrics.BatchSize),
                // Don't cache failures: a model that can't be opened now may open later.
                LazyThreadSafetyMode.PublicationOnly)).Value
            : throw new BadHttpRequestException($"There is no such model; available: {string.Join(", ", ModelNames)}.");
    }

    /// <summary>Limits the images that are processed concurrently, to one more than there are processors.</summary>
    public ConcurrencyLimiter Work { get; }

    /// <summary>Memory budget for uploads: at least four images of the maximum size, independent of the number of callers.</summary>
    public UploadMemory UploadMemory { get; }

    /// <summary>Creates a reader that tracks the faces of one live session.</summary>
    public FaceReader NewLiveReader(ServiceModel model) => new(_liveDetectors, model.Predictor);

    public void Dispose()
    {
        foreach (var model in (ServiceModel[])[_photo, _live, .. _others.Values.Where(one => one.IsValueCreated).Select(one => one.Value)])
            model.Dispose();
        _liveDetectors.Dispose();
        Work.Dispose();
        WorkByCaller.Dispose();
        Metrics.Dispose();
    }
}
