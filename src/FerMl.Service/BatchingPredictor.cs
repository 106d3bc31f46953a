using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.ML.Data;

namespace FerMl.Service;

/// <summary>
/// Scores faces of concurrent calls in batches: a face in a batch costs a third less than a single one. Each worker, one per processor,
/// scores the pending faces as soon as it is free. No call waits for a batch to fill, and batches grow with the load.
/// </summary>
internal sealed class BatchingPredictor : IEmotionPredictor, IDisposable
{
    /// <summary>Maximum batch size: what the predictor scores on one thread.</summary>
    public const int MaxFaces = 16;

    private readonly EmotionPredictor _predictor;
    private readonly Histogram<int> _batchSize;
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();
    private readonly Task[] _workers;

    /// <param name="predictor">The model. The caller keeps ownership.</param>
    /// <param name="batchSize">Records the number of faces per batch.</param>
    public BatchingPredictor(EmotionPredictor predictor, Histogram<int> batchSize)
    {
        (_predictor, _batchSize) = (predictor, batchSize);
        _workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(WorkAsync))];
    }

    public IReadOnlyList<string> Labels => _predictor.Labels;

    public EmotionPrediction Predict(string path) => One(face => FaceImageDecoder.DecodeFile(path, face));

    public EmotionPrediction Predict(Stream encoded, string name = "image") => One(face => FaceImageDecoder.Decode(encoded, name, face));

    public EmotionPrediction Predict(MLImage image) => One(face => FacePixelsMapping.ToFace(image, face));

    public EmotionPrediction Predict(ReadOnlySpan<byte> gray, int width, int height)
    {
        var face = new byte[FaceResampler.PixelCount];
        FaceResampler.Resample(gray, width, height, face);
        return Score([face]).GetAwaiter().GetResult()[0];
    }

    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<string> paths) => [.. paths.Select(Predict)];

    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<Stream> encoded) => [.. encoded.Select(image => Predict(image))];

    public IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<GrayImage> images) =>
        Score([.. images.Select(image => Face(face => FaceResampler.Resample(image.Pixels.Span, image.Width, image.Height, face)))])
            .GetAwaiter().GetResult();

    public async Task<EmotionPrediction> PredictAsync(string path, CancellationToken cancellationToken = default) =>
        await PredictAsync(await ImageDecoder.ReadEncodedAsync(path, cancellationToken), path);

    public async Task<EmotionPrediction> PredictAsync(
        Stream encoded, string name = "image", CancellationToken cancellationToken = default) =>
        await PredictAsync(await ImageDecoder.ReadEncodedAsync(encoded, name, cancellationToken), name);

    /// <summary>Classifies the face in an encoded image.</summary>
    /// <exception cref="FaceImageException">The data isn't an image, is damaged or too large.</exception>
    public async Task<EmotionPrediction> PredictAsync(
        ReadOnlyMemory<byte> encoded, string name, int maxPixels = FaceResampler.MaxImagePixels) =>
        (await Score([Face(face => FaceImageDecoder.Decode(encoded.Span, name, face, maxPixels))]))[0];

    /// <summary>Completes pending calls and rejects new ones.</summary>
    public void Dispose()
    {
        _calls.Writer.TryComplete();
        Task.WaitAll(_workers);
    }

    private delegate void FaceReader(Span<byte> face);

    private EmotionPrediction One(FaceReader read) => Score([Face(read)]).GetAwaiter().GetResult()[0];

    private static byte[] Face(FaceReader read)
    {
        var face = new byte[FaceResampler.PixelCount];
        read(face);
        return face;
    }

    private async Task<IReadOnlyList<EmotionPrediction>> Score(byte[][] faces)
    {
        if (faces.Length == 0)
            return [];
        // Split large inputs so that other calls are scored in between.
        Call[] calls = [.. faces.Chunk(MaxFaces).Select(part => new Call(part))];
        foreach (var call in calls)
            ObjectDisposedException.ThrowIf(!_calls.Writer.TryWrite(call), this);
        return [.. (await Task.WhenAll(calls.Select(call => call.Answer.Task)).ConfigureAwait(false)).SelectMany(answer => answer)];
    }

    private async Task WorkAsync()
    {
        var batch = new List<Call>();
        while (await _calls.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            var count = 0;
            while (_calls.Reader.TryPeek(out var next) && count + next.Faces.Length <= MaxFaces && _calls.Reader.TryRead(out var call))
            {
                // Another worker may have taken the call that was peeked.
                batch.Add(call);
                count += call.Faces.Length;
            }
            if (batch.Count > 0)
                Answer(batch, count);
        }
    }

    private void Answer(List<Call> batch, int count)
    {
        try
        {
            _batchSize.Record(count);
            GrayImage[] images = [.. batch.SelectMany(call => call.Faces)
                .Select(face => new GrayImage(face, FaceResampler.Side, FaceResampler.Side))];
            var answers = _predictor.Predict(images);
            var first = 0;
            foreach (var call in batch)
            {
                call.Answer.SetResult([.. answers.Skip(first).Take(call.Faces.Length)]);
                first += call.Faces.Length;
            }
        }
        catch (Exception e)
        {
            if (batch is [var only])
                only.Answer.TrySetException(e);
            else
                // Score the calls one by one, so that a face that can't be scored fails its own call only.
                foreach (var call in batch)
                    Answer([call], call.Faces.Length);
        }
    }

    /// <summary>Faces that wait to be scored.</summary>
    private sealed record Call(byte[][] Faces)
    {
        public TaskCompletionSource<EmotionPrediction[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
