using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>
/// Classifies a face. One predictor serves any number of threads. The network runs on one thread a call; many faces at
/// once are spread over the processors.
/// </summary>
/// <remarks>
/// It feeds the network through <see cref="FaceResampler"/>, as <c>FacePixels</c> does in a pipeline. A pipeline to which steps of
/// another kind were added before the network wants ML.NET's <c>PredictionEngine</c> instead.
/// </remarks>
public sealed partial class EmotionPredictor : IEmotionPredictor, IDisposable
{
    /// <summary>The most batches that a call scores at a time.</summary>
    internal const int MaxBatches = 24;

    private const int BatchSize = 16;

    private readonly EmotionNetwork _network;
    private readonly Lazy<EmotionNetwork> _embedding;
    private bool _isDisposed;

    /// <exception cref="EmotionModelException">It is a network of clips; it is disposed of then.</exception>
    internal EmotionPredictor(EmotionNetwork network)
    {
        _network = network;
        _embedding = new Lazy<EmotionNetwork>(network.WithEmbedding);
        if (!network.IsClipModel)
            return;
        network.Dispose();
        throw new EmotionModelException(
            $"The model tells the emotion of clips of {network.Frames.Counted("frame")}, not of single faces; open it with ClipPredictor.");
    }

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _network.Labels;

    /// <summary>Opens a model file for prediction.</summary>
    /// <exception cref="EmotionModelException">It is missing, no model of FerMl's, or damaged.</exception>
    public static EmotionPredictor Load(string path) => new(EmotionModel.Open(path).Network);

    /// <summary>Opens a model for prediction that is read from a stream, from here to its end.</summary>
    /// <param name="stream">The content of a model file. It stays the caller's.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="EmotionModelException">It is no model of FerMl's, or damaged.</exception>
    public static EmotionPredictor Load(Stream stream, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(EmotionModel.Open(stream, name).Network);
    }

    /// <summary>Opens a model that comes with FerMl: no file is needed.</summary>
    /// <param name="model">Which; <c>ferplus</c> where it isn't given.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such model.</exception>
    /// <exception cref="EmotionModelException">FerMl was built without it.</exception>
    /// <example>
    /// <code>
    /// using var predictor = EmotionPredictor.LoadDefault();
    /// Console.WriteLine(predictor.Predict("face.png"));
    /// </code>
    /// </example>
    public static EmotionPredictor LoadDefault(PretrainedModel model = PretrainedModel.FerPlus) => new(EmotionModel.Open(model).Network);

    /// <summary>
    /// Opens a pretrained model by its name: one of those embedded in FerMl, or a file of the folder <c>models</c> beside the program, as
    /// <c>fer7-ensemble</c> is beside the command; or a model file by its path, as <see cref="EmotionModel.Find"/> does.
    /// </summary>
    /// <param name="name">Such as <c>ferplus-fast</c>.</param>
    /// <exception cref="EmotionModelException">There is no such model; the message lists those there are.</exception>
    public static EmotionPredictor LoadDefault(string name) => new(EmotionModel.OpenNamed(name).Network);

    /// <summary>
    /// Classifies the face in an image file (PNG, JPEG, BMP, WebP, GIF, TIFF), turned upright as its camera orientation says.
    /// </summary>
    /// <exception cref="FaceImageException">The file is missing, no image, damaged or too large.</exception>
    /// <example>
    /// <code>
    /// using var predictor = EmotionPredictor.Load("artifacts/runs/first/model.zip");
    /// foreach (var (label, score) in predictor.Predict("face.png").Scores)
    ///     Console.WriteLine($"{label} {score:P1}");
    /// </code>
    /// </example>
    public EmotionPrediction Predict(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
        FaceImageDecoder.DecodeFile(path, face);
        return PredictFace(face);
    }

    /// <summary>Classifies the face in an encoded image, read from here to the stream's end.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="FaceImageException">It is no image, damaged or too large.</exception>
    public EmotionPrediction Predict(Stream encoded, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(encoded);
        Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
        FaceImageDecoder.Decode(encoded, name, face);
        return PredictFace(face);
    }

    /// <summary>Classifies the face in an image file, which is read without a thread waiting for the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FaceImageException">The file is missing, no image, damaged or too large.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<EmotionPrediction> PredictAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return PredictEncoded(await ImageDecoder.ReadEncodedAsync(path, cancellationToken).ConfigureAwait(false), path);
    }

    /// <summary>
    /// Classifies the face in an encoded image that comes from a network, such as the body of a request: no thread waits for it,
    /// and no more is kept of it than an image may have.
    /// </summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image, read from here to its end. It stays the caller's.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FaceImageException">It is no image, damaged or too large.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <example>
    /// <code>
    /// using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
    /// await using var upload = File.OpenRead("face.png");
    /// var prediction = await predictor.PredictAsync(upload, "upload");
    /// Console.WriteLine(prediction.Label);
    /// </code>
    /// </example>
    public async Task<EmotionPrediction> PredictAsync(
        Stream encoded, string name = "image", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return PredictEncoded(await ImageDecoder.ReadEncodedAsync(encoded, name, cancellationToken).ConfigureAwait(false), name);
    }

    /// <summary>Classifies the face in an ML.NET image of any size. The image stays the caller's.</summary>
    public EmotionPrediction Predict(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
        FacePixelsMapping.ToFace(image, face);
        return PredictFace(face);
    }

    /// <summary>Classifies the face in a gray image of any size.</summary>
    /// <param name="gray">Pixel values 0..255, row by row.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <exception cref="ArgumentException">The sizes don't fit, or the image is empty or too large.</exception>
    public EmotionPrediction Predict(ReadOnlySpan<byte> gray, int width, int height)
    {
        Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
        FaceResampler.Resample(gray, width, height, face);
        return PredictFace(face);
    }

    /// <summary>Classifies many ML.NET images, in order.</summary>
    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<MLImage> images)
    {
        CheckItems(images, nameof(images));
        return PredictMany(images.Count, (i, face) => FacePixelsMapping.ToFace(images[i], face), null, CancellationToken.None);
    }

    /// <summary>Classifies the faces in many image files, in order.</summary>
    /// <exception cref="FaceImageException">A file is missing, no image, damaged or too large; the message names it.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<string> paths)
    {
        CheckItems(paths, nameof(paths));
        return PredictMany(paths.Count, (i, face) => FaceImageDecoder.DecodeFile(paths[i], face), null, CancellationToken.None);
    }

    /// <summary>Classifies the faces in many encoded images, in order. Each stream is read by one thread.</summary>
    /// <exception cref="FaceImageException">One is no image, damaged or too large; the message gives its position.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<Stream> encoded)
    {
        CheckItems(encoded, nameof(encoded));
        return PredictMany(encoded.Count, (i, face) => FaceImageDecoder.Decode(encoded[i], $"image {i}", face), null,
            CancellationToken.None);
    }

    /// <summary>Classifies the faces in many gray images of any size, in order.</summary>
    /// <exception cref="ArgumentException">An image's sizes don't fit, or it is empty or too large.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<GrayImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return PredictMany(images.Count,
            (i, face) => FaceResampler.Resample(images[i].Pixels.Span, images[i].Width, images[i].Height, face), null,
            CancellationToken.None);
    }

    /// <summary>Classifies all faces of a data set, in order, on all processors.</summary>
    /// <param name="dataset">The faces; their labels are not looked at.</param>
    /// <param name="progress">Receives the number of faces done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(
        FerDataset dataset, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return PredictMany(dataset.Count, (i, face) => dataset.PixelsOf(i).CopyTo(face), progress, cancellationToken);
    }

    /// <summary>Frees the network, once calls under way have ended; later ones get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _network.Dispose();
        lock (_embedding)
        {
            _isDisposed = true;
            if (_embedding.IsValueCreated)
                _embedding.Value.Dispose();
        }
    }

    /// <summary>Does something for each of so many things, on all processors, and throws what went wrong first.</summary>
    /// <param name="count">How many.</param>
    /// <param name="action">What is done for each.</param>
    /// <param name="cancellationToken">Stops between two.</param>
    /// <param name="faces">Faces that each looks at, so that all that are under way fit the networks' memory.</param>
    internal static void InParallel(int count, Action<int> action, CancellationToken cancellationToken, int faces = BatchSize)
    {
        var most = Math.Max(1, MaxBatches * BatchSize / Math.Max(faces, BatchSize));
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, most),
            CancellationToken = cancellationToken,
        };
        try
        {
            Parallel.For(0, count, parallel, action);
        }
        catch (AggregateException e)
        {
            // The first bad image is what the caller wants to know.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void CheckItems<T>(IReadOnlyList<T> items, string name) where T : class
    {
        ArgumentNullException.ThrowIfNull(items, name);
        for (var i = 0; i < items.Count; i++)
            if (items[i] is null)
                throw new ArgumentException($"Item {i} of {items.Count} is null.", name);
    }

    private EmotionPrediction PredictEncoded(ReadOnlyMemory<byte> encoded, string name)
    {
        Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
        FaceImageDecoder.Decode(encoded.Span, name, face);
        return PredictFace(face);
    }

    private EmotionPrediction PredictFace(ReadOnlySpan<byte> face)
    {
        var pixels = new float[FaceResampler.PixelCount];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = face[i];
        return new EmotionPrediction(_network.Labels, _network.Score(pixels, 1));
    }

    private delegate void FaceReader(int index, Span<byte> face);

    private PredictionList PredictMany(int count, FaceReader read, IProgress<int>? progress, CancellationToken cancellationToken) => new(
        ForMany(count, read, _network.Score, _network.Labels.Length, scores => new EmotionPrediction(_network.Labels, scores), progress,
            cancellationToken));

    private delegate float[] FaceRunner(float[] pixels, int count, CancellationToken cancellationToken);

    private delegate T RowReader<T>(ReadOnlySpan<float> row);

    /// <summary>Reads faces and runs a network over them, batch by batch, on all processors.</summary>
    private static T[] ForMany<T>(
        int count, FaceReader read, FaceRunner run, int length, RowReader<T> result, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var results = new T[count];
        var done = 0;
        var batches = (count + BatchSize - 1) / BatchSize;
        InParallel(batches, RunBatch, cancellationToken);
        return results;

        void RunBatch(int batch)
        {
            var first = batch * BatchSize;
            var size = Math.Min(BatchSize, count - first);
            var pixels = new float[size * FaceResampler.PixelCount];
            Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
            for (var i = 0; i < size; i++)
            {
                read(first + i, face);
                for (var k = 0; k < face.Length; k++)
                    pixels[i * FaceResampler.PixelCount + k] = face[k];
            }
            var rows = run(pixels, size, cancellationToken);
            for (var i = 0; i < size; i++)
                results[first + i] = result(rows.AsSpan(i * length, length));
            progress?.Report(Interlocked.Add(ref done, size));
        }
    }
}
