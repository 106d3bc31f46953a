using System.Threading.RateLimiting;
using FerMl.Vision;

namespace FerMl.Service;

/// <summary>What the requests of a service share: models, detectors, and the processors' time.</summary>
internal sealed class ServiceCore : IDisposable
{
    // More would only wait longer; they are told to come back.
    private const int LongestQueue = 256;

    private const long LeastUploadMemory = 128 << 20;

    private readonly DetectorPool _liveDetectors;

    public ServiceCore(ServiceOptions options, ServiceModels models)
    {
        (Options, Models) = (options, models);
        Metrics = new ServiceMetrics();
        UploadMemory = new UploadMemory(Math.Max(LeastUploadMemory, 4L * options.MaxImageBytes));
        Photo = new BatchingPredictor(models.Photo, Metrics.BatchSize);
        Live = new BatchingPredictor(models.Live, Metrics.BatchSize);
        Photos = new PhotoReader(models.PhotoDetector, Photo);
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

    /// <summary>Names the emotions of faces in photos.</summary>
    public BatchingPredictor Photo { get; }

    /// <summary>Names the emotions of faces in live video.</summary>
    public BatchingPredictor Live { get; }

    /// <summary>Finds faces in photos.</summary>
    public PhotoReader Photos { get; }

    /// <summary>Lets as many images be worked on at a time as there are processors for.</summary>
    public ConcurrencyLimiter Work { get; }

    /// <summary>Memory for uploads: some of the largest images, however many callers there are.</summary>
    public UploadMemory UploadMemory { get; }

    /// <summary>Makes what follows the faces of one viewer.</summary>
    public FaceReader NewLiveReader() => new(_liveDetectors, Live);

    public void Dispose()
    {
        Photos.Dispose();
        _liveDetectors.Dispose();
        Photo.Dispose();
        Live.Dispose();
        Work.Dispose();
        WorkByCaller.Dispose();
        Metrics.Dispose();
    }
}
