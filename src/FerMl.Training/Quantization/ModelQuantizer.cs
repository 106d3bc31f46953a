using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// Makes models faster: their convolutions compute in int8 (<see cref="WeightFormat.Int8"/>), which takes a third of
/// the time on processors with instructions for that (VNNI), at the same accuracy.
/// </summary>
public static class ModelQuantizer
{
    /// <summary>
    /// Faces that ranges are measured on. Four times as many change as many scores
    /// (docs/development/decisions/int8-and-test-time-augmentation.md).
    /// </summary>
    internal const int Faces = 256;

    /// <summary>
    /// The share of numbers that is cut off at each end of a range: what all the others gain in precision outweighs it. Of 0 and the powers
    /// of ten from 0.000001 to 0.001 this one changes the scores of training faces least
    /// (docs/development/decisions/int8-and-test-time-augmentation.md).
    /// </summary>
    private const double Outside = 1e-5;

    /// <summary>
    /// Saves a model under another name whose convolutions compute in int8. Their ranges are measured on training faces, and the
    /// temperature is fitted again where the data has the faces that the model's training held out. The file keeps the network as it was
    /// trained besides (<see cref="EmotionModel.TrainedOnnx"/>), unless the model is an ensemble: later trainings begin with that.
    /// </summary>
    /// <param name="model">The model; one that computes in int8 already is quantized again from the float32 network.</param>
    /// <param name="dataset">The data that it was trained on, or faces like those.</param>
    /// <param name="path">The model file to write.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <returns>The new model's card.</returns>
    /// <exception cref="EmotionModelException">The network isn't one that FerMl writes, or is all in int8 already.</exception>
    /// <exception cref="IOException">The file is there and may not be replaced, or can't be written.</exception>
    /// <example>
    /// <code>
    /// var model = EmotionModel.Load("artifacts/runs/first/model.zip");
    /// ModelQuantizer.Save(model, FerDataset.Load("data/fer2013.csv"), "fast.zip");
    /// </code>
    /// </example>
    public static ModelCard Save(EmotionModel model, FerDataset dataset, string path, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        AtomicFile.CheckFree(path, overwrite);
        var (onnx, card) = Quantize(model, ClassifierGraph.Parse(model.TrainedOnnx), dataset);
        Save(model, onnx, card, model.TrainedOnnx, path, overwrite);
        return card;
    }

    /// <summary>
    /// Saves a model's network, and besides the one that was trained where the first computes in int8 and is no ensemble.
    /// </summary>
    internal static void Save(
        EmotionModel model, byte[] onnx, ModelCard card, ReadOnlyMemory<byte> trained, string path, bool overwrite) =>
        ModelFile.Save(ModelFile.Scoring(onnx, model.Labels), card, path, overwrite,
            card is { Quantization: not null, Members.Count: 0 } ? trained : default);

    /// <summary>The network of a model in int8, and the card that it gets.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trained">Its network as it was trained.</param>
    /// <param name="dataset">The data that it was trained on, or faces like those.</param>
    internal static (byte[] Onnx, ModelCard Card) Quantize(EmotionModel model, ClassifierGraph trained, FerDataset dataset)
    {
        model.RequireSingleFaces();
        var faces = RangeFaces(model, dataset);
        try
        {
            var graph = Quantize(trained, [.. faces.Select(face => face.Pixels.ToArray())]);
            var card = model.CardOrDefault with { Quantization = new ModelQuantization(faces.Length) };
            if (ModelCalibrator.TryHeldOutFaces(model, dataset) is { } heldOut)
            {
                (graph, var calibration) = ModelCalibrator.Calibrate(graph, model.Labels, heldOut);
                card = card with { Calibration = calibration };
            }
            return (graph.ToByteArray(), card);
        }
        catch (Exception e) when (e is InvalidDataException or OnnxRuntimeException)
        {
            throw new EmotionModelException($"{model.Name}: its network can't be made to compute in int8: {e.Message}.", e);
        }
    }

    /// <summary>
    /// The faces that ranges are measured on: of Training, where there are such, but for those that the model's training held out, on which
    /// the temperature is fitted.
    /// </summary>
    internal static FaceSample[] RangeFaces(EmotionModel model, FerDataset dataset)
    {
        var heldOut = model.Card?.HeldOut.ToHashSet() ?? [];
        FaceSample[] others = [.. dataset.Samples.Where(face => !heldOut.Contains(TrainingSet.KeyOf(face.Pixels)))];
        FaceSample[] training = [.. others.Where(face => face.Usage == Usage.Training)];
        return [.. Spread(training.Length > 0 ? training : others.Length > 0 ? others : [.. dataset.Samples])];
    }

    /// <summary>A copy of a network that computes in int8.</summary>
    /// <param name="network">The network.</param>
    /// <param name="faces">Faces to measure ranges on, 2,304 pixel values each, one or more.</param>
    /// <exception cref="InvalidDataException">It isn't one that FerMl writes, or does so already.</exception>
    internal static ClassifierGraph Quantize(ClassifierGraph network, IReadOnlyList<byte[]> faces)
    {
        if (network.IsQuantized)
            throw new InvalidDataException("it computes in int8 already");
        var graph = network.Clone();
        OnnxFolding.Fold(graph.Graph);
        graph = graph.Reread();
        OnnxInt8.Write(graph, ActivationRanges.Of(graph.Model, OnnxInt8.Activations(graph), faces, Outside));
        return graph.Reread();
    }

    /// <summary>As many as ranges are measured on, from everywhere among all.</summary>
    internal static IEnumerable<T> Spread<T>(IReadOnlyList<T> all)
    {
        var count = Math.Min(Faces, all.Count);
        return Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)]);
    }
}
