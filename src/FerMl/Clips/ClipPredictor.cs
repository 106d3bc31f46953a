namespace FerMl;

/// <summary>
/// Classifies clips, sequences of frames of one face, with a model from <c>ferml train --sequences</c>. The predictor is thread-safe.
/// </summary>
public sealed class ClipPredictor : IDisposable
{
    private readonly EmotionNetwork _network;

    internal ClipPredictor(EmotionNetwork network) => _network = network;

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _network.Labels;

    /// <summary>Number of frames that it processes per clip, sampled evenly from the clip.</summary>
    public int Frames => _network.Frames;

    /// <summary>Opens a clip model file.</summary>
    /// <exception cref="EmotionModelException">The file is missing or damaged, or isn't a FerMl clip model.</exception>
    /// <example>
    /// <code>
    /// var clips = SyntheticClips.Create(70);
    /// SequenceRun.Execute(
    ///     EmotionModel.LoadPretrained(PretrainedModel.SevenFast), clips, "clips", new SequenceTrainerOptions { Epochs = 1 }, frames: 8);
    /// using var predictor = ClipPredictor.Load("clips/model.zip");
    /// Console.WriteLine($"{clips.Clips[0].Emotion}: {predictor.Predict(clips.Clips[0])}");
    /// </code>
    /// </example>
    public static ClipPredictor Load(string path) => Of(EmotionModel.Open(path));

    /// <summary>Creates a predictor from an open model.</summary>
    /// <exception cref="EmotionModelException">It is a single-face model.</exception>
    public static ClipPredictor Of(EmotionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of((model, EmotionNetwork.Open(model.Onnx.ToArray(), model.Name, isTried: true)));
    }

    private static ClipPredictor Of((EmotionModel Model, EmotionNetwork Network) opened)
    {
        if (opened.Network.IsClipModel)
            return new ClipPredictor(opened.Network);
        opened.Network.Dispose();
        throw new EmotionModelException(
            $"{opened.Model.Name} classifies single faces; open it with EmotionPredictor, or train a clip model (SequenceRun).");
    }

    /// <summary>Classifies a clip.</summary>
    /// <param name="frames">The face in each frame, in order; one frame or more, of any size.</param>
    /// <exception cref="ArgumentException">There are no frames, or an image's sizes don't match.</exception>
    public ClipPrediction Predict(IReadOnlyList<GrayImage> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0)
            throw new ArgumentException("A clip needs at least one frame; none given.", nameof(frames));
        return Predict(FaceClip.Spread(frames, Frames).Select(frame =>
        {
            var face = new byte[FaceResampler.PixelCount];
            FaceResampler.Resample(frame.Pixels.Span, frame.Width, frame.Height, face);
            return face;
        }), CancellationToken.None);
    }

    /// <summary>Classifies a clip.</summary>
    /// <exception cref="FerDataException">The clip can't be read.</exception>
    public ClipPrediction Predict(FaceClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return Predict(clip.ReadFrames(Frames), CancellationToken.None);
    }

    /// <summary>Classifies many clips, in order, on all processors.</summary>
    /// <param name="clips">The clips; their labels are ignored.</param>
    /// <param name="progress">Receives the number of processed clips.</param>
    /// <param name="cancellationToken">Cancels between clips.</param>
    /// <exception cref="FerDataException">A clip can't be read.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public IReadOnlyList<ClipPrediction> Predict(
        ClipDataset clips, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        var predictions = new ClipPrediction[clips.Clips.Count];
        var done = 0;
        EmotionPredictor.InParallel(predictions.Length, i =>
        {
            predictions[i] = Predict(clips.Clips[i].ReadFrames(Frames), cancellationToken);
            progress?.Report(Interlocked.Increment(ref done));
        }, cancellationToken, Frames);
        return predictions;
    }

    /// <summary>Disposes the network once running calls have ended; later calls throw an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _network.Dispose();

    private ClipPrediction Predict(IEnumerable<byte[]> frames, CancellationToken cancellationToken)
    {
        var (scores, frameScores) = _network.ScoreClip(
            [.. frames.SelectMany(frame => frame, (_, level) => (float)level)], cancellationToken);
        return new ClipPrediction(
            new EmotionPrediction(Labels, scores),
            [.. frameScores.Chunk(Labels.Count).Select(row => new EmotionPrediction(Labels, row))]);
    }
}
