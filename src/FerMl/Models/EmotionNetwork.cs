using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace FerMl;

/// <summary>
/// A network that FerMl exported, run by ONNX Runtime: [batch, 1, 48, 48] pixel values in, a probability for each label out. The labels are
/// in the ONNX file's metadata, so the file is self-describing. It is thread-safe, including disposal during calls: the last running call
/// releases the session, and later calls are rejected.
/// </summary>
internal sealed class EmotionNetwork : IDisposable
{
    public const string InputName = "Pixels";
    public const string ScoreName = "Score";
    public const string IndexName = "PredictedIndex";
    public const string LabelsKey = "ferml.labels";

    /// <summary>The output of a clip model with the scores of each frame.</summary>
    public const string FrameScoreName = "FrameScore";

    /// <summary>The timeout for a few faces: a hundred times what the largest network needs on a slow processor.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    // The same limits as for custom labels of data sets.
    private const int MaxLabels = 200, MaxLabelLength = 100, MaxLabelsText = 6 * MaxLabels * (MaxLabelLength + 3);

    // Tolerance for rounding errors in probabilities.
    private const float Rounding = 0.01f;

    private readonly InferenceSession _session;
    private readonly byte[] _onnx;
    private readonly string _name;
    private int _uses = 1;
    private int _isDisposed;

    private EmotionNetwork(InferenceSession session, byte[] onnx, string[] labels, string name)
    {
        (_session, _onnx, Labels, _name) = (session, onnx, labels, name);
        if (session.OutputMetadata.TryGetValue(OnnxEmbedding.OutputName, out var embedding)
            && embedding.Dimensions is [_, > 0 and var length])
            EmbeddingLength = length;
        Frames = session.InputMetadata[InputName].Dimensions[1];
        IsClipModel = session.OutputMetadata.ContainsKey(FrameScoreName);
    }

    public string[] Labels { get; }

    /// <summary>Number of faces per score: 1, or the frames of a clip.</summary>
    public int Frames { get; }

    /// <summary>Whether it scores clips instead of single faces.</summary>
    public bool IsClipModel { get; }

    /// <summary>Length of an embedding; 0 if the network was opened without that output.</summary>
    public int EmbeddingLength { get; }

    /// <param name="onnx">The network as an ONNX file.</param>
    /// <param name="name">The network's name in error messages.</param>
    /// <param name="isTried">Whether these bytes were opened successfully before, so that the test run can be skipped.</param>
    /// <exception cref="EmotionModelException">The bytes aren't a FerMl network.</exception>
    public static EmotionNetwork Open(byte[] onnx, string name, bool isTried = false)
    {
        return OpenChecked(OnnxContent.Checked(onnx, name), name, isTried);
    }

    /// <summary>Opens the same network again with embeddings as an additional output. The caller owns it.</summary>
    /// <exception cref="EmotionModelException">The network's classifier layer isn't one that FerMl writes.</exception>
    public EmotionNetwork WithEmbedding() => OpenWithEmbedding(_onnx, _name);

    /// <param name="onnx">The network as a validated ONNX file.</param>
    /// <param name="name">The network's name in error messages.</param>
    /// <exception cref="EmotionModelException">The network's classifier layer isn't one that FerMl writes.</exception>
    public static EmotionNetwork OpenWithEmbedding(ReadOnlyMemory<byte> onnx, string name)
    {
        try
        {
            return OpenChecked(OnnxEmbedding.AddTo(onnx).Onnx, name, isTried: true);
        }
        catch (InvalidDataException e)
        {
            throw new EmotionModelException($"{name}: no embeddings can be taken from the network in it: {e.Message}.", e);
        }
    }

    private static EmotionNetwork OpenChecked(byte[] onnx, string name, bool isTried)
    {
        InferenceSession? session = null;
        try
        {
            session = OnnxSession.Open(onnx);
            var network = new EmotionNetwork(session, onnx, ReadLabels(session, name), name);
            // Validates the network with a test run on a blank face.
            if (!isTried)
                network.Score(new float[network.Frames * FaceResampler.PixelCount], 1);
            session = null;
            return network;
        }
        catch (Exception e) when (e is OnnxRuntimeException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw new EmotionModelException($"{name}: the network in it can't be run: {e.Message.Split('\n')[0]}", e);
        }
        finally
        {
            session?.Dispose();
        }
    }

    /// <summary>Scores faces.</summary>
    /// <param name="pixels">Pixel values 0..255, 2,304 per face.</param>
    /// <param name="count">Number of faces.</param>
    /// <param name="cancellationToken">Cancels between two operators of the network.</param>
    /// <returns>The probabilities, one row of label scores per face.</returns>
    /// <exception cref="ObjectDisposedException">The network is disposed.</exception>
    /// <exception cref="EmotionModelException">The network can't score these faces, or its scores are invalid.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public float[] Score(float[] pixels, int count, CancellationToken cancellationToken = default) =>
        Score(pixels, count, [ScoreName], cancellationToken)[0];

    /// <summary>Computes embeddings of faces: the input of the classifier layer.</summary>
    /// <param name="pixels">Pixel values 0..255, 2,304 per face.</param>
    /// <param name="count">Number of faces.</param>
    /// <param name="cancellationToken">Cancels between two operators of the network.</param>
    /// <returns><see cref="EmbeddingLength"/> values per face.</returns>
    /// <inheritdoc cref="Score(float[], int, CancellationToken)" path="/exception"/>
    public float[] Embed(float[] pixels, int count, CancellationToken cancellationToken = default) =>
        Score(pixels, count, [OnnxEmbedding.OutputName], cancellationToken)[0];

    /// <summary>Scores a clip.</summary>
    /// <param name="pixels">Pixel values 0..255, 2,304 per frame.</param>
    /// <param name="cancellationToken">Cancels between two operators of the network.</param>
    /// <returns>The probabilities for the clip, and those for its frames, one row of label scores per frame.</returns>
    /// <inheritdoc cref="Score(float[], int, CancellationToken)" path="/exception"/>
    public (float[] Scores, float[] FrameScores) ScoreClip(float[] pixels, CancellationToken cancellationToken = default)
    {
        var scores = Score(pixels, 1, [ScoreName, FrameScoreName], cancellationToken);
        return (scores[0], scores[1]);
    }

    private float[][] Score(float[] pixels, int count, string[] names, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        try
        {
            return Run(pixels, count, names, cancellationToken);
        }
        catch (OnnxRuntimeException e)
        {
            throw new EmotionModelException($"{_name}: the network in it can't score {count.Counted("face")}: {e.Message.Split('\n')[0]}",
                e);
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            Leave();
    }

    /// <summary>Counts a running call. The object itself counts as one until it is disposed.</summary>
    private void Enter()
    {
        int uses;
        do
        {
            uses = Volatile.Read(ref _uses);
            ObjectDisposedException.ThrowIf(uses == 0 || Volatile.Read(ref _isDisposed) == 1, typeof(EmotionPredictor));
        }
        while (Interlocked.CompareExchange(ref _uses, uses + 1, uses) != uses);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
            _session.Dispose();
    }

    private float[][] Run(float[] pixels, int count, string[] names, CancellationToken cancellationToken)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [count, Frames, FaceResampler.Side, FaceResampler.Side]);
        using var run = new RunOptions();
        using var outputs = Run(run, input, names, cancellationToken);
        return [.. outputs.Select((output, i) => names[i] switch
        {
            OnnxEmbedding.OutputName => Finite(output, count * EmbeddingLength).ToArray(),
            FrameScoreName => Probabilities(output, count * Frames),
            _ => Probabilities(output, count),
        })];
    }

    private ReadOnlySpan<float> Finite(OrtValue output, int length)
    {
        var scores = output.GetTensorDataAsSpan<float>();
        if (scores.Length != length)
            throw new EmotionModelException($"{_name}: the network in it returned {scores.Length.Counted("value")}; expected {length}.");
        // If the sum is finite, so are all values.
        if (!float.IsFinite(TensorPrimitives.Sum(scores)))
            throw new EmotionModelException(
                $"{_name}: the network in it returned scores that are not numbers (NaN or infinite): its weights are damaged, or too "
                    + $"large for such faces.");
        return scores;
    }

    private float[] Probabilities(OrtValue output, int count)
    {
        var scores = Finite(output, count * Labels.Length);
        for (var row = 0; row < scores.Length; row += Labels.Length)
        {
            var probabilities = scores.Slice(row, Labels.Length);
            if (TensorPrimitives.Min(probabilities) < -Rounding || Math.Abs(TensorPrimitives.Sum(probabilities) - 1) > Rounding)
                throw new EmotionModelException(
                    $"{_name}: the network in it returned scores that are not probabilities: some are below 0, or their sum isn't 1.");
        }
        return scores.ToArray();
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(
        RunOptions run, OrtValue input, string[] names, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(MaxTime);
        // Disposal waits for a running callback, so that the callback never sees a disposed RunOptions.
        using var terminate = stop.Token.Register(() => run.Terminate = true);
        try
        {
            return _session.Run(run, [InputName], [input], names);
        }
        catch (OnnxRuntimeException e) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new EmotionModelException(
                $"{_name}: the network in it took more than {MaxTime.TotalSeconds.Invariant()} s for a few faces, and was stopped.",
                e);
        }
    }

    private static string[] ReadLabels(InferenceSession session, string name)
    {
        if (!session.ModelMetadata.CustomMetadataMap.TryGetValue(LabelsKey, out var json))
            throw new EmotionModelException($"{name}: the network in it was not exported by FerMl (it has no labels).");
        var labels = json.Length > MaxLabelsText ? [] : JsonSerializer.Deserialize(json, FerMlJsonContext.Default.StringArray) ?? [];
        if (json.Length > MaxLabelsText || labels.Length > MaxLabels || labels.Any(label => label?.Length > MaxLabelLength))
            throw new EmotionModelException(
                $"{name}: the network in it names more than {MaxLabels} labels, or one of more than {MaxLabelLength} characters.");
        if (labels.Length < 2 || labels.Any(string.IsNullOrEmpty) || labels.Distinct().Count() != labels.Length)
            throw new EmotionModelException($"{name}: the network in it names {labels.Length.Counted("label")}; expected two or more "
                + $"different ones.");
        var input = session.InputMetadata.TryGetValue(InputName, out var found) ? found : null;
        if (input is null || input.ElementType != typeof(float)
            || input.Dimensions is not [_, >= 1 and <= ClipDataCatalog.MaxFrames and var frames, FaceResampler.Side, FaceResampler.Side]
            || !session.OutputMetadata.ContainsKey(ScoreName)
            || (frames > 1 && !session.OutputMetadata.ContainsKey(FrameScoreName)))
            throw new EmotionModelException(
                $"{name}: the network in it doesn't map {InputName} [batch, 1, 48, 48] to {ScoreName}, and isn't a clip model.");
        return labels;
    }
}
