using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// Calibrates a model's confidence: fits a temperature on held-out faces, using the logits of the exported network, and stores it in the
/// network. The members of an ensemble share one factor.
/// </summary>
public static class ModelCalibrator
{
    /// <summary>The faces of a data set that a model's training held out, according to the model's card.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The data that the model was trained on.</param>
    /// <exception cref="FerDataException">The card lists no held-out faces, the data contains none of them with one of the model's labels,
    /// or it has the labels of the other annotation.</exception>
    public static FerDataset HeldOutFaces(EmotionModel model, FerDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        return TryHeldOutFaces(model, dataset) ?? throw new FerDataException(
            $"{dataset.Source}: it has none of the {(model.Card?.HeldOut.Count ?? 0).Counted("face")} that the training of {model.Name} "
                + $"held out; give faces that the model hasn't seen.");
    }

    /// <summary>Like <see cref="HeldOutFaces"/>, but returns null where there are none.</summary>
    internal static FerDataset? TryHeldOutFaces(EmotionModel model, FerDataset dataset)
    {
        RequireAnnotation(model, dataset);
        var keys = model.Card is { } card ? card.HeldOut.ToHashSet() : [];
        int[] heldOut = [.. dataset.Samples.Where(
            face => face.Usage == Usage.Training && keys.Contains(TrainingSet.KeyOf(face.Pixels)) && IsLabeled(face, model.Labels))
                .Select(face => face.Index)];
        return heldOut.Length > 0 ? dataset.Select(heldOut) : null;
    }

    /// <summary>Checks the annotation: a temperature is valid only for the labels that the model was trained on.</summary>
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
                ? $"{model.Name} was trained on FER+ labels, but {faces.Source} was loaded with its own; load it with "
                    + $"FerLoadOptions.VotesPath and FerLoadOptions.Annotation = FerPlus."
                : $"{model.Name} was trained on a data set's own labels, but {faces.Source} has FER+ labels; load it without "
                    + $"FerLoadOptions.Annotation = FerPlus.");
    }

    /// <summary>Fits a model's temperature again and saves the model to a new file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="faces">Faces that the model wasn't trained on; those without one of its labels are ignored.</param>
    /// <param name="path">The model file to write.</param>
    /// <param name="overwrite">Whether to replace an existing file.</param>
    /// <returns>The temperature (of an ensemble: its members' factor), and the calibration error before and after.</returns>
    /// <exception cref="FerDataException">No face has one of the model's labels, or they have the labels of the other
    /// annotation.</exception>
    /// <exception cref="EmotionModelException">The network isn't one that FerMl writes.</exception>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
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
            // The network as trained gets the same factor, so that both give the same confidence.
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

    /// <summary>Fits a network's temperature in place, on faces that have its labels.</summary>
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
    /// <param name="faces">At least one face, 2,304 pixel values each.</param>
    /// <param name="truth">The true class of each.</param>
    /// <returns>The network with the temperature applied, and the calibration error before and after.</returns>
    internal static (ClassifierGraph Graph, ModelCalibration Calibration) Calibrate(
        ClassifierGraph graph, string[] labels, IReadOnlyList<byte[]> faces, int[] truth)
    {
        // For a single network, the full temperature is fitted; an ensemble's members keep their own, multiplied by one factor.
        var before = graph.Temperature;
        WeightedLogits[] views = [.. OnnxLogits.Of(graph, faces, labels.Length).Select(view => view.Times(before))];
        var calibration = TemperatureScaling.Calibrate(views, truth, labels, before);
        return (OnnxTemperature.Scale(graph, calibration.Temperature / before), calibration);
    }
}
