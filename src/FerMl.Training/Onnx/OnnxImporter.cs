using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training.Onnx;

/// <summary>Imports what <see cref="OnnxExporter"/> wrote into a network with the same layers.</summary>
internal static class OnnxImporter
{
    /// <summary>
    /// Loads the weights of a saved model into a network. If the labels differ, the classifier gets only the weights of shared labels; the
    /// others keep their own.
    /// </summary>
    /// <param name="model">The model, a single network with the same layers.</param>
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
                    ImportShared(reader.Next("Gemm"), model.Labels, module, labels);
            if (reader.Left > 0)
                throw new InvalidDataException($"it has {reader.Left} more operations with weights");
        }
        catch (InvalidDataException e)
        {
            throw new EmotionModelException(
                $"{model.Name}: its layers aren't those of '{network.Definition.Name}': {e.Message}. Start from a single model of the "
                    + $"same preset.", e);
        }
    }

    private static void ImportShared(
        OnnxWeightReader.Weighted saved, IReadOnlyList<string> from, Module<Tensor, Tensor> classifier, IReadOnlyList<string> to)
    {
        var (weights, biases) = (OnnxWeights.Find(classifier, "weight"), OnnxWeights.Find(classifier, "bias"));
        var inputs = weights.shape[1];
        var (savedWeights, savedBiases) = (saved.Values(1, from.Count, inputs), saved.Values(2, from.Count));
        var (newWeights, newBiases) = (OnnxWeights.ToArray(weights), OnnxWeights.ToArray(biases));
        for (var label = 0; label < to.Count; label++)
        {
            var place = from.ToList().IndexOf(to[label]);
            if (place < 0)
                continue;
            savedWeights.AsSpan((int)(place * inputs), (int)inputs).CopyTo(newWeights.AsSpan((int)(label * inputs)));
            newBiases[label] = savedBiases[place];
        }
        OnnxWeights.Set(weights, newWeights);
        OnnxWeights.Set(biases, newBiases);
    }
}
