using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// Sets a model's confidence right: fits a temperature on faces that it hasn't seen, on the logits of the network as it was exported, and
/// puts it into the network. An ensemble's members share one factor.
/// </summary>
public static class ModelCalibrator
{
    /// <summary>The faces of a data set that a model's training held out, as its card names them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The data that it was trained on.</param>
    /// <exception cref="FerDataException">The card names none, none of them with one of the model's labels is in the data, or the data has
    /// the labels of the other annotation.</exception>
    public static FerDataset HeldOutFaces(EmotionModel model, FerDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        return TryHeldOutFaces(model, dataset) ?? throw new FerDataException(
            $"{dataset.Source}: it has none of the {(model.Card?.HeldOut.Count ?? 0).Counted("face")} that the training of {model.Name} "
                + $"held out; give faces that the model hasn't seen.");
    }

    /// <summary>What <see cref="HeldOutFaces"/> gives, or null where there are none.</summary>
    internal static FerDataset? TryHeldOutFaces(EmotionModel model, FerDataset dataset)
    {
        RequireAnnotation(model, dataset);
        var keys = model.Card is { } card ? card.HeldOut.ToHashSet() : [];
        int[] heldOut = [.. dataset.Samples.Where(
            face => face.Usage == Usage.Training && keys.Contains(TrainingSet.KeyOf(face.Pixels)) && IsLabeled(face, model.Labels))
                .Select(face => face.Index)];
        return heldOut.Length > 0 ? dataset.Select(heldOut) : null;
    }

    /// <summary>A temperature is right for the labels that a model was trained on, and for no others.</summary>
    /// <exception cref="FerDataException">The faces have the labels of the other annotation.</exception>
    private static void RequireAnnotation(EmotionModel model, FerDataset faces)
    {
        var card = model.Card;
        while (card is { Data: null, Members: [var member, ..] })
            card = member;
        if (card?.Data is not { } data)
            return;
        var isFerPlus = string.Equals(data.Annotation, nameof(Annotation.FerPlus), StringComparison.OrdinalIgnoreCase);
        if (isFerPlus != (faces.Annotation == Annotation.FerPlus))
            throw new FerDataException(isFerPlus
                ? $"{model.Name} was trained on FER+'s labels, and {faces.Source} has its own here; load it with FerLoadOptions.VotesPath "
                    + $"and FerLoadOptions.Annotation = FerPlus."
                : $"{model.Name} was trained on a data set's own labels, and {faces.Source} has FER+'s here; load it without "
                    + $"FerLoadOptions.Annotation = FerPlus.");
    }

    /// <summary>Fits a model's temperature again and saves the model under another name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="faces">Faces that it hasn't seen; those without one of its labels are left out.</param>
    /// <param name="path">The model file to write.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <returns>The temperature (of an ensemble: what its members' are multiplied by), and what it brought.</returns>
    /// <exception cref="FerDataException">No face has one of the model's labels, or they have the labels of the other
    /// annotation.</exception>
    /// <exception cref="EmotionModelException">The network isn't one that FerMl writes.</exception>
    /// <exception cref="IOException">The file is there and may not be replaced, or can't be written.</exception>
    /// <example>
    /// <code>
    /// var model = EmotionModel.Load("artifacts/runs/first/model.zip");
    /// var faces = FerDataset.Load("data/fer2013.csv").Where(face =&gt; face.Usage == Usage.PublicTest);
    /// Console.WriteLine(ModelCalibrator.Save(model, faces, "calibrated.zip").Temperature);
    /// </code>
    /// </example>
    public static ModelCalibration Save(EmotionModel model, FerDataset faces, string path, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(faces);
        var labels = model.Labels;
        if (!faces.Samples.Any(face => IsLabeled(face, labels)))
            throw new FerDataException(
                $"{faces.Source}: no face has one of the labels {string.Join(", ", labels)} to calibrate {model.Name} with.");
        RequireAnnotation(model, faces);
        AtomicFile.CheckFree(path, overwrite);
        try
        {
            model.RequireSingleFaces();
            var network = ClassifierGraph.Parse(model.Onnx);
            var before = network.Temperature;
            (network, var calibration) = Calibrate(network, labels, faces.Where(face => IsLabeled(face, labels)));
            var onnx = network.ToByteArray();
            var card = model.CardOrDefault with { Calibration = calibration };
            // What was trained gets the same temperature, so that it says the same of itself.
            ModelFile.Save(ModelFile.Scoring(onnx, labels), card, path, overwrite,
                model.HasTrained ? OnnxTemperature.Scale(model.TrainedOnnx, calibration.Temperature / before) : default);
            return calibration;
        }
        catch (Exception e) when (e is InvalidDataException or OnnxRuntimeException)
        {
            throw new EmotionModelException($"{model.Name}: its network can't be calibrated: {e.Message}.", e);
        }
    }

    private static bool IsLabeled(FaceSample face, IReadOnlyList<string> labels) => labels.Contains(face.Label);

    /// <summary>Fits a network's temperature on faces that have its labels, in place.</summary>
    internal static (ClassifierGraph Graph, ModelCalibration Calibration) Calibrate(
        ClassifierGraph graph, IReadOnlyList<string> labels, FerDataset faces)
    {
        string[] names = [.. labels];
        return Calibrate(
            graph, names, [.. faces.Samples.Select(face => face.Pixels.ToArray())],
            [.. faces.Samples.Select(face => Array.IndexOf(names, face.Label))]);
    }

    /// <summary>Fits a network's temperature, in place.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="faces">2,304 pixel values each, one face or more.</param>
    /// <param name="truth">The true class of each.</param>
    /// <returns>The network with the temperature in it, and what it brought.</returns>
    internal static (ClassifierGraph Graph, ModelCalibration Calibration) Calibrate(
        ClassifierGraph graph, string[] labels, IReadOnlyList<byte[]> faces, int[] truth)
    {
        // Of a single network the whole temperature is fitted; an ensemble's members keep their own, times one factor.
        var before = graph.Temperature;
        WeightedLogits[] views = [.. OnnxLogits.Of(graph, faces, labels.Length).Select(view => view.Times(before))];
        var calibration = TemperatureScaling.Calibrate(views, truth, labels, before);
        return (OnnxTemperature.Scale(graph, calibration.Temperature / before), calibration);
    }
}
