using FerMl.Training.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// Changes the views of a face over which a trained model averages its scores (<see cref="TestTimeAugmentation"/>). No training is needed:
/// more views make a model more accurate and slower.
/// </summary>
public static class TestTimeAugmenter
{
    /// <summary>
    /// Saves a model under another name that averages over other views; one that computes in int8
    /// (<see cref="WeightFormat.Int8"/>) does so again. Its temperature is fitted again where the data has the faces that its training held
    /// out: the mean over more views is less sure.
    /// </summary>
    /// <param name="model">The model; of an ensemble, each member changes.</param>
    /// <param name="views">The views.</param>
    /// <param name="dataset">The data that it was trained on. Without it the temperature stays as it is, and a model in int8
    /// can't be changed.</param>
    /// <param name="path">The model file to write.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <returns>The new model's card.</returns>
    /// <exception cref="ArgumentException">The model computes in int8, and there is no data to measure ranges on.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such views.</exception>
    /// <exception cref="EmotionModelException">The network isn't one that FerMl writes, is all in int8, or of clips.</exception>
    /// <exception cref="IOException">The file is there and may not be replaced, or can't be written.</exception>
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
        var (onnx, card, trained) = Change(model, views, dataset, ClassifierGraph.IsInt8(model.Onnx));
        ModelQuantizer.Save(model, onnx, card, trained, path, overwrite);
        return card;
    }

    /// <summary>What <see cref="Save"/> saves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="views">The views.</param>
    /// <param name="dataset">The data that it was trained on, or null.</param>
    /// <param name="isInt8">Whether what comes out computes in int8.</param>
    /// <returns>The network that runs, the card, and the network as it was trained, which looks at faces in the same ways.</returns>
    internal static (byte[] Onnx, ModelCard Card, byte[] Trained) Change(
        EmotionModel model, TestTimeAugmentation views, FerDataset? dataset, bool isInt8)
    {
        if (!Enum.IsDefined(views))
            throw new ArgumentOutOfRangeException(nameof(views), views, "There are no such views.");
        if (dataset is null && isInt8)
            throw new ArgumentException(
                $"{model.Name} computes in int8; give the data that it was trained on, to measure its ranges again.",
                nameof(dataset));
        RequireTrained(model);
        try
        {
            var (network, card) = Calibrate(model, OnnxViews.Change(ClassifierGraph.Parse(model.TrainedOnnx), views), dataset);
            var trained = network.ToByteArray();
            // What is wrong with it is better said now than by those who open the file.
            EmotionNetwork.Open(trained, model.Name).Dispose();
            var onnx = trained;
            if (isInt8)
            {
                var floats = card.Calibration;
                (onnx, card) = ModelQuantizer.Quantize(model, network, dataset!);
                // What was wrong before anything was fitted.
                if (floats is not null && card.Calibration is { } quantized)
                    card = card with { Calibration = quantized with { ErrorBefore = floats.ErrorBefore } };
            }
            return (onnx, With(card, views), trained);
        }
        catch (Exception e) when (e is InvalidDataException or OnnxRuntimeException)
        {
            throw new EmotionModelException($"{model.Name}: its views can't be changed: {e.Message}.", e);
        }
    }

    /// <summary>Refuses models whose views can't be changed.</summary>
    /// <exception cref="EmotionModelException">It is one of clips, or has no network but one in int8.</exception>
    internal static void RequireTrained(EmotionModel model)
    {
        model.RequireSingleFaces();
        if (ClassifierGraph.IsInt8(model.TrainedOnnx))
            throw new EmotionModelException(
                $"{model.Name} has no network but the one that computes in int8; change the views of the models that it was made "
                    + "of, and make it again.");
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
