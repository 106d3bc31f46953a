using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>
/// Classifies faces. The predictor is thread-safe. The network uses one thread per call; calls with many faces are spread over the
/// processors.
/// </summary>
/// <remarks>
/// It preprocesses images with <see cref="FaceResampler"/>, as <c>FacePixels</c> does in a pipeline. Use ML.NET's <c>PredictionEngine</c>
/// instead for a pipeline with additional transforms before the network.
/// </remarks>
public sealed partial class EmotionPredictor : IEmotionPredictor, IDisposable
{
    /// <summary>The maximum number of batches that a call scores concurrently.</summary>
    internal const int MaxBatches = 24;

    private const int BatchSize = 16;

    private readonly EmotionNetwork _network;
    private readonly Lazy<EmotionNetwork> _embedding;
    private bool _isDisposed;

    /// <exception cref="EmotionModelException">It is a clip model; the network is then disposed.</exception>
    internal EmotionPredictor(EmotionNetwork network)
    {
        _network = network;
        _embedding = new Lazy<EmotionNetwork>(network.WithEmbedding);
        if (!network.IsClipModel)
            return;
        network.Dispose();
        throw new EmotionModelException(
            $"The model classifies clips of {network.Frames.Counted("frame")}, not single faces; open it with ClipPredictor.");
    }

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _network.Labels;

    /// <summary>Opens a model file for prediction.</summary>
    /// <exception cref="EmotionModelException">The file is missing, isn't a FerMl model, or is damaged.</exception>
    public static EmotionPredictor Load(string path) => new(EmotionModel.Open(path).Network);

    /// <summary>Opens a model for prediction from a stream, read from its current position to its end.</summary>
    /// <param name="stream">The content of a model file. The caller keeps ownership.</param>
    /// <param name="name">The name used in error messages.</param>
    /// <exception cref="EmotionModelException">It isn't a FerMl model, or is damaged.</exception>
    public static EmotionPredictor Load(Stream stream, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(EmotionModel.Open(stream, name).Network);
    }

    /// <summary>Opens a pretrained model that is embedded in FerMl; no file is needed.</summary>
    /// <param name="model">The model; by default <c>ferplus</c>.</param>
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
    /// Opens a pretrained model by its name: one embedded in FerMl, or a file in the folder <c>models</c> next to the program, such as
    /// <c>fer7-ensemble</c> next to the command. It also opens a model file by its path, as <see cref="EmotionModel.Find"/> does.
    /// </summary>
    /// <param name="name">A name such as <c>ferplus-fast</c>, or a path.</param>
    /// <exception cref="EmotionModelException">There is no such model; the message lists the pretrained ones.</exception>
    public static EmotionPredictor LoadDefault(string name) => new(EmotionModel.OpenNamed(name).Network);

    /// <summary>Classifies the face in an image file (PNG, JPEG, BMP, WebP, GIF, TIFF). The Exif orientation is applied.</summary>
    /// <exception cref="FaceImageException">The file is missing, damaged, too large, or not an image.</exception>
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

    /// <summary>Classifies the face in an encoded image, read from the stream's current position to its end.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image.</param>
    /// <param name="name">The name used in error messages.</param>
    /// <exception cref="FaceImageException">It is damaged, too large, or not an image.</exception>
    public EmotionPrediction Predict(Stream encoded, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(encoded);
        Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
        FaceImageDecoder.Decode(encoded, name, face);
        return PredictFace(face);
    }

    /// <summary>Classifies the face in an image file, which is read asynchronously.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="FaceImageException">The file is missing, damaged, too large, or not an image.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public async Task<EmotionPrediction> PredictAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return PredictEncoded(await ImageDecoder.ReadEncodedAsync(path, cancellationToken).ConfigureAwait(false), path);
    }

    /// <summary>
    /// Classifies the face in an encoded image from a network, such as a request body. It is read asynchronously, and only up to the
    /// maximum size of an image.
    /// </summary>
    /// <param name="encoded">A PNG, JPEG, BMP, WebP, GIF or TIFF image, read from its current position. The caller keeps ownership.</param>
    /// <param name="name">The name used in error messages.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="FaceImageException">It is damaged, too large, or not an image.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
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

    /// <summary>Classifies the face in an ML.NET image of any size. The caller keeps ownership of the image.</summary>
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
    /// <exception cref="ArgumentException">The sizes don't match, or the image is empty or too large.</exception>
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
    /// <exception cref="FaceImageException">A file is missing, damaged, too large, or not an image; the message names it.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<string> paths)
    {
        CheckItems(paths, nameof(paths));
        return PredictMany(paths.Count, (i, face) => FaceImageDecoder.DecodeFile(paths[i], face), null, CancellationToken.None);
    }

    /// <summary>Classifies the faces in many encoded images, in order. Each stream is read by one thread.</summary>
    /// <exception cref="FaceImageException">A stream is damaged, too large, or not an image; the message gives its position.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<Stream> encoded)
    {
        CheckItems(encoded, nameof(encoded));
        return PredictMany(encoded.Count, (i, face) => FaceImageDecoder.Decode(encoded[i], $"image {i}", face), null,
            CancellationToken.None);
    }

    /// <summary>Classifies the faces in many gray images of any size, in order.</summary>
    /// <exception cref="ArgumentException">An image's sizes don't match, or it is empty or too large.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<GrayImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return PredictMany(images.Count,
            (i, face) => FaceResampler.Resample(images[i].Pixels.Span, images[i].Width, images[i].Height, face), null,
            CancellationToken.None);
    }

    /// <summary>Classifies all faces of a data set, in order, on all processors.</summary>
    /// <param name="dataset">The faces; their labels are ignored.</param>
    /// <param name="progress">Receives the number of processed faces.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public IReadOnlyList<EmotionPrediction> Predict(
        FerDataset dataset, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return PredictMany(dataset.Count, (i, face) => dataset.PixelsOf(i).CopyTo(face), progress, cancellationToken);
    }

    /// <summary>Disposes the network once running calls have ended; later calls throw an <see cref="ObjectDisposedException"/>.</summary>
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

    /// <summary>Runs an action for each index in parallel, and rethrows the first exception.</summary>
    /// <param name="count">Number of indices.</param>
    /// <param name="action">The action.</param>
    /// <param name="cancellationToken">Cancels between two actions.</param>
    /// <param name="faces">Faces that each action processes: limits the parallelism, so that the networks' memory suffices.</param>
    internal static void InParallel(int count, Action<int> action, CancellationToken cancellationToken, int faces = BatchSize)
    {
        var maxParallel = Math.Max(1, MaxBatches * BatchSize / Math.Max(faces, BatchSize));
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, maxParallel),
            CancellationToken = cancellationToken,
        };
        try
        {
            Parallel.For(0, count, parallel, action);
        }
        catch (AggregateException e)
        {
            // The caller is interested in the first bad image.
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
