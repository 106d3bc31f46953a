using FerMl.Training.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// Changes the test-time augmentation of a trained model (<see cref="TestTimeAugmentation"/>), without training. More views make a model
/// more accurate and slower.
/// </summary>
public static class TestTimeAugmenter
{
    /// <summary>
    /// Saves a copy of a model that averages over other views. A model that computes in int8 (<see cref="WeightFormat.Int8"/>) is quantized
    /// again. The temperature is fitted again if the data contains the faces that the model's training held out, since the mean over more
    /// views is less confident.
    /// </summary>
    /// <param name="model">The model; for an ensemble, each member changes.</param>
    /// <param name="views">The views.</param>
    /// <param name="dataset">The data that the model was trained on. Without it, the temperature doesn't change, and int8 models can't be
    /// changed.</param>
    /// <param name="path">The model file to write.</param>
    /// <param name="overwrite">Whether to replace an existing file.</param>
    /// <returns>The new model's card.</returns>
    /// <exception cref="ArgumentException">The model computes in int8, and there is no data to measure ranges on.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The views aren't a defined value.</exception>
    /// <exception cref="EmotionModelException">The network isn't one that FerMl writes, is only int8, or is a clip network.</exception>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
    /// <example>
    /// <code>
    /// var model = EmotionModel.Load("artifacts/runs/first/model.zip");
    /// TestTimeAugmenter.Save(model, TestTimeAugmentation.Zoom, FerDataset.Load("data/fer2013.csv"), "zoom.zip");
    /// </code>
    /// </example>
    public static ModelCard Save(
        EmotionModel model, TestTimeAugmentation views, FerDataset? dataset, string path, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        AtomicFile.CheckFree(path, overwrite);
        var (onnx, card, trained) = Change(model, views, dataset, OnnxFile.IsInt8(model.Onnx));
        ModelQuantizer.Save(model, onnx, card, trained, path, overwrite);
        return card;
    }

    /// <summary>Creates what <see cref="Save"/> saves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="views">The views.</param>
    /// <param name="dataset">The data that the model was trained on, or null.</param>
    /// <param name="isInt8">Whether the result computes in int8.</param>
    /// <returns>The network to run, the card, and the network as trained, with the same views.</returns>
    internal static (byte[] Onnx, ModelCard Card, byte[] Trained) Change(
        EmotionModel model, TestTimeAugmentation views, FerDataset? dataset, bool isInt8)
    {
        if (!Enum.IsDefined(views))
            throw new ArgumentOutOfRangeException(nameof(views), views, "There is no such test-time augmentation.");
        if (dataset is null && isInt8)
            throw new ArgumentException(
                $"{model.Name} computes in int8; give the data that it was trained on, to measure its ranges again.",
                nameof(dataset));
        RequireTrained(model);
        try
        {
            var (network, card) = Calibrate(model, OnnxViews.Change(ClassifierGraph.Parse(model.TrainedOnnx), views), dataset);
            var trained = network.ToByteArray();
            // Opening the network now reports errors here, not when the file is used.
            EmotionNetwork.Open(trained, model.Name).Dispose();
            var onnx = trained;
            if (isInt8)
            {
                var floats = card.Calibration;
                (onnx, card) = ModelQuantizer.Quantize(model, network, dataset!);
                // The calibration error of the original model, before any fit.
                if (floats is not null && card.Calibration is { } quantized)
                    card = card with { Calibration = quantized with { ErrorBefore = floats.ErrorBefore } };
            }
            return (onnx, With(card, views), trained);
        }
        catch (Exception e) when (e is InvalidDataException or OnnxRuntimeException)
        {
            throw new EmotionModelException($"{model.Name}: its test-time augmentation can't be changed: {e.Message}.", e);
        }
    }

    /// <summary>Rejects models whose views can't be changed.</summary>
    /// <exception cref="EmotionModelException">The model is a clip model, or has only an int8 network.</exception>
    internal static void RequireTrained(EmotionModel model)
    {
        model.RequireSingleFaces();
        if (OnnxFile.IsInt8(model.TrainedOnnx))
            throw new EmotionModelException(
                $"{model.Name} has only an int8 network; change the test-time augmentation of the models that it was made of, "
                    + "and make it again.");
    }

    private static ModelCard With(ModelCard card, TestTimeAugmentation views) =>
        card with { TestTimeAugmentation = views.ToString(), Members = [.. card.Members.Select(member => With(member, views))] };

    private static (ClassifierGraph Network, ModelCard Card) Calibrate(EmotionModel model, ClassifierGraph network, FerDataset? dataset)
    {
        if (dataset is null || ModelCalibrator.TryHeldOutFaces(model, dataset) is not { } heldOut)
            return (network, model.CardOrDefault);
        (network, var calibration) = ModelCalibrator.Calibrate(network, model.Labels, heldOut);
        return (network, model.CardOrDefault with { Calibration = calibration });
    }
}
