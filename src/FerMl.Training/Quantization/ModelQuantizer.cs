using FerMl.Training.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// Makes models faster: their convolutions compute in int8 (<see cref="WeightFormat.Int8"/>), which takes a third of the time on processors
/// with VNNI instructions, at the same accuracy.
/// </summary>
public static class ModelQuantizer
{
    /// <summary>
    /// Number of faces that ranges are measured on. Four times as many give no better scores
    /// (docs/development/decisions/int8-and-test-time-augmentation.md).
    /// </summary>
    internal const int Faces = 256;

    /// <summary>
    /// Saves a quantized copy of a model, whose convolutions compute in int8. Ranges are measured on training faces; the temperature is
    /// fitted again if the data contains the faces that the model's training held out. The file also contains the network as trained
    /// (<see cref="EmotionModel.TrainedOnnx"/>), unless the model is an ensemble, so that later trainings can start from it.
    /// </summary>
    /// <param name="model">The model; if it computes in int8 already, it is quantized again from its float32 network.</param>
    /// <param name="dataset">The data that the model was trained on, or similar faces.</param>
    /// <param name="path">The model file to write.</param>
    /// <param name="overwrite">Whether to replace an existing file.</param>
    /// <returns>The new model's card.</returns>
    /// <exception cref="EmotionModelException">The network isn't one that FerMl writes, or the model has only an int8 network.</exception>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
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

    /// <summary>Saves a model's network, together with the one as trained if the first is quantized and isn't an ensemble.</summary>
    internal static void Save(
        EmotionModel model, byte[] onnx, ModelCard card, ReadOnlyMemory<byte> trained, string path, bool overwrite) =>
        ModelFile.Save(ModelFile.Scoring(onnx, model.Labels), card, path, overwrite,
            card is { Quantization: not null, Members.Count: 0 } ? trained : default);

    /// <summary>Quantizes a model's network to int8.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trained">Its network as trained.</param>
    /// <param name="dataset">The data that the model was trained on, or similar faces.</param>
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
            throw new EmotionModelException($"{model.Name}: its network can't be quantized to int8: {e.Message}.", e);
        }
    }

    /// <summary>
    /// The faces that ranges are measured on: those of Training, if there are any, without those that the model's training held out, on
    /// which the temperature is fitted.
    /// </summary>
    internal static FaceSample[] RangeFaces(EmotionModel model, FerDataset dataset)
    {
        var heldOut = model.Card?.HeldOut.ToHashSet() ?? [];
        FaceSample[] others = [.. dataset.Samples.Where(face => !heldOut.Contains(TrainingSet.KeyOf(face.Pixels)))];
        FaceSample[] training = [.. others.Where(face => face.Usage == Usage.Training)];
        return [.. Spread(training.Length > 0 ? training : others.Length > 0 ? others : [.. dataset.Samples])];
    }

    /// <summary>Returns a copy of a network that computes in int8.</summary>
    /// <param name="network">The network.</param>
    /// <param name="faces">At least one face to measure ranges on, 2,304 pixel values each.</param>
    /// <exception cref="InvalidDataException">The network isn't one that FerMl writes, or computes in int8 already.</exception>
    internal static ClassifierGraph Quantize(ClassifierGraph network, IReadOnlyList<byte[]> faces) => ClassifierGraph.Read(
        OnnxInt8.Quantize(network.Model, faces.Chunk(OnnxProbe.BatchSize).Select(batch => PixelBatch.Of(batch))));

    /// <summary>Selects as many items as ranges are measured on, spread evenly over all.</summary>
    internal static IEnumerable<T> Spread<T>(IReadOnlyList<T> all)
    {
        var count = Math.Min(Faces, all.Count);
        return Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)]);
    }
}
