namespace FerMl.Training.Onnx;

/// <summary>Reads what <see cref="OnnxExporter"/> wrote back into a network, by walking the same layers.</summary>
internal static class OnnxImporter
{
    /// <summary>Gives a network the weights of a saved model. A classifier of other labels keeps its own.</summary>
    /// <param name="model">The model, one network of the same layers.</param>
    /// <param name="network">The network.</param>
    /// <param name="labels">The network's labels.</param>
    /// <exception cref="EmotionModelException">The model has other layers.</exception>
    public static void Import(EmotionModel model, FaceNetwork network, IReadOnlyList<string> labels)
    {
        var hasSameLabels = model.Labels.SequenceEqual(labels);
        try
        {
            var reader = new OnnxWeightReader(model.TrainedOnnx);
            foreach (var (layer, module) in network.Steps)
                if (hasSameLabels || module != network.Classification)
                    layer.Import(reader, module);
                else
                    reader.Next("Gemm");
            if (reader.Left > 0)
                throw new InvalidDataException($"it goes on with {reader.Left} more operations that have weights");
        }
        catch (InvalidDataException e)
        {
            throw new EmotionModelException(
                $"{model.Name}: its layers aren't those of '{network.Definition.Name}': {e.Message}. Start from a single model of the "
                    + $"same preset.", e);
        }
    }
}
