using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace FerMl;

/// <summary>
/// A network that FerMl exported, running in ONNX Runtime: [batch, 1, 48, 48] pixel values in, a probability for each label out. Its
/// labels stand in the ONNX file's own metadata, so that it explains itself wherever it is found. Safe to run from many threads, and to
/// dispose of while others run it: the last of them frees the session, and later calls are refused.
/// </summary>
internal sealed class EmotionNetwork : IDisposable
{
    public const string InputName = "Pixels";
    public const string ScoreName = "Score";
    public const string IndexName = "PredictedIndex";
    public const string LabelsKey = "ferml.labels";

    /// <summary>The output of a network of clips that has the scores of each frame.</summary>
    public const string FrameScoreName = "FrameScore";

    /// <summary>The most time for a few faces: a hundred times what the largest network takes on a slow processor.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    // As many as data sets with custom labels may have, and as long.
    private const int MaxLabels = 200, MaxLabelLength = 100, MaxLabelsText = 6 * MaxLabels * (MaxLabelLength + 3);

    // What arithmetic may add to or take from probabilities.
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

    /// <summary>Faces that it takes at once to give one score: 1, or the frames of a clip.</summary>
    public int Frames { get; }

    /// <summary>Whether it scores clips instead of single faces.</summary>
    public bool IsClipModel { get; }

    /// <summary>Numbers of an embedding; 0 where the network was opened without that output.</summary>
    public int EmbeddingLength { get; }

    /// <param name="onnx">The network as an ONNX file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="isTried">Whether these bytes were opened before, so that no face need be scored to see that they can be.</param>
    /// <exception cref="EmotionModelException">The bytes are no network of FerMl's.</exception>
    public static EmotionNetwork Open(byte[] onnx, string name, bool isTried = false)
    {
        return OpenChecked(OnnxContent.Checked(onnx, name), name, isTried);
    }

    /// <summary>The same network, opened once more so that it gives embeddings too. It is the caller's.</summary>
    /// <exception cref="EmotionModelException">Its classifier isn't one that FerMl writes.</exception>
    public EmotionNetwork WithEmbedding() => OpenWithEmbedding(_onnx, _name);

    /// <param name="onnx">The network as an ONNX file, checked.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="EmotionModelException">Its classifier isn't one that FerMl writes.</exception>
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
            // A network is what it says only if it scores one blank face.
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
    /// <param name="pixels">Pixel values 0..255, 2,304 a face.</param>
    /// <param name="count">Number of faces.</param>
    /// <param name="cancellationToken">Stops it between two operations of the network.</param>
    /// <returns>The probabilities, one row of labels a face.</returns>
    /// <exception cref="ObjectDisposedException">It was disposed of before.</exception>
    /// <exception cref="EmotionModelException">The network can't score these faces, or its scores are no numbers.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public float[] Score(float[] pixels, int count, CancellationToken cancellationToken = default) =>
        Score(pixels, count, [ScoreName], cancellationToken)[0];

    /// <summary>Embeddings of faces: what the classifier takes.</summary>
    /// <param name="pixels">Pixel values 0..255, 2,304 a face.</param>
    /// <param name="count">Number of faces.</param>
    /// <param name="cancellationToken">Stops it between two operations of the network.</param>
    /// <returns><see cref="EmbeddingLength"/> numbers a face.</returns>
    /// <inheritdoc cref="Score(float[], int, CancellationToken)" path="/exception"/>
    public float[] Embed(float[] pixels, int count, CancellationToken cancellationToken = default) =>
        Score(pixels, count, [OnnxEmbedding.OutputName], cancellationToken)[0];

    /// <summary>Scores a clip.</summary>
    /// <param name="pixels">Pixel values 0..255, 2,304 a frame.</param>
    /// <param name="cancellationToken">Stops it between two operations of the network.</param>
    /// <returns>The probabilities for the clip, and those for its frames, one row of labels a frame.</returns>
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

    /// <summary>Counts a call under way; the object itself counts as one until it is disposed of.</summary>
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
            throw new EmotionModelException($"{_name}: the network in it gave {scores.Length.Counted("number")} where {length} are "
                + $"expected.");
        // A sum is finite only where all that is in it is.
        if (!float.IsFinite(TensorPrimitives.Sum(scores)))
            throw new EmotionModelException(
                $"{_name}: the network in it gave scores that are no numbers (NaN or infinite): its weights are damaged, or too large for "
                    + $"such faces.");
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
                    $"{_name}: the network in it gave scores that are no probabilities: they are below 0, or their sum isn't 1.");
        }
        return scores.ToArray();
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(
        RunOptions run, OrtValue input, string[] names, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(MaxTime);
        // Leaving waits for it where it is under way, so that it finds the run there.
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
            throw new EmotionModelException($"{name}: the network in it was not exported by FerMl (it names no labels).");
        var labels = json.Length > MaxLabelsText ? [] : JsonSerializer.Deserialize(json, FerMlJsonContext.Default.StringArray) ?? [];
        if (json.Length > MaxLabelsText || labels.Length > MaxLabels || labels.Any(label => label?.Length > MaxLabelLength))
            throw new EmotionModelException(
                $"{name}: the network in it names more than {MaxLabels} labels, or one of more than {MaxLabelLength} characters.");
        if (labels.Length < 2 || labels.Any(string.IsNullOrEmpty) || labels.Distinct().Count() != labels.Length)
            throw new EmotionModelException($"{name}: the network in it names {labels.Length.Counted("label")}; expected two or more, "
                + $"each another.");
        var input = session.InputMetadata.TryGetValue(InputName, out var found) ? found : null;
        if (input is null || input.ElementType != typeof(float)
            || input.Dimensions is not [_, >= 1 and <= ClipDataCatalog.MaxFrames and var frames, FaceResampler.Side, FaceResampler.Side]
            || !session.OutputMetadata.ContainsKey(ScoreName)
            || (frames > 1 && !session.OutputMetadata.ContainsKey(FrameScoreName)))
            throw new EmotionModelException(
                $"{name}: the network in it does not take {InputName} [batch, 1, 48, 48] and give {ScoreName}, nor is it one of clips.");
        return labels;
    }
}
