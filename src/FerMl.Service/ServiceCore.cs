using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using FerMl.Vision;
using Microsoft.AspNetCore.Http;

namespace FerMl.Service;

/// <summary>What the requests of a service share: models, detectors, and the processors' time.</summary>
internal sealed class ServiceCore : IDisposable
{
    // More would only wait longer; they are told to come back.
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
        // A detector that can't be made is found out before the first request.
        _ = _photo.Photos;
        _liveDetectors = new DetectorPool(models.LiveDetector);
        Work = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            // One more than there are processors: while one waits for its batch another looks for faces.
            PermitLimit = Environment.ProcessorCount + 1,
            QueueLimit = LongestQueue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>
    /// Lets one caller have as many images worked on at a time as there are processors: whoever else comes waits for one of them, not for
    /// all.
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

    /// <summary>The names that requests may ask for: the service's own models, and the pretrained ones.</summary>
    public IEnumerable<string> ModelNames => ((string[])[_photo.Name, _live.Name]).Concat(PretrainedModels.Names).Distinct();

    /// <summary>The model of a name; where none is given, the service's own. Pretrained models are opened when they are first asked
    /// for.</summary>
    /// <param name="name">A name, or null.</param>
    /// <param name="isLive">Whether it is for live video.</param>
    /// <exception cref="BadHttpRequestException">There is no such model.</exception>
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
                // One that can't be opened now may be later.
                LazyThreadSafetyMode.PublicationOnly)).Value
            : throw new BadHttpRequestException($"There is no such model; there are {string.Join(", ", ModelNames)}.");
    }

    /// <summary>Lets as many images be worked on at a time as there are processors for.</summary>
    public ConcurrencyLimiter Work { get; }

    /// <summary>Memory for uploads: some of the largest images, however many callers there are.</summary>
    public UploadMemory UploadMemory { get; }

    /// <summary>Makes what follows the faces of one viewer.</summary>
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
