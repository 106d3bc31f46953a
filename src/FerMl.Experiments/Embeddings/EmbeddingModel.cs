using System.Text.Json;
using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>Replaces the classifier of a trained network and keeps the part that computes embeddings.</summary>
internal static class EmbeddingModel
{
    /// <summary>Creates the network with another classifier.</summary>
    /// <param name="model">The model with the original network.</param>
    /// <param name="classifier">The classifier.</param>
    /// <param name="labels">The labels of the classifier.</param>
    /// <param name="temperature">The temperature that divides the logits.</param>
    /// <exception cref="EmotionModelException">The model's classifier isn't in FerMl's format.</exception>
    public static byte[] Network(EmotionModel model, EmbeddingClassifier classifier, IReadOnlyList<string> labels, double temperature)
    {
        try
        {
            var network = ClassifierGraph.Parse(model.Onnx);
            OnnxEmbedding.AddTo(network);
            var body = network.Graph;
            Prune(body, OnnxEmbedding.OutputName);
            var graph = new OnnxGraph();
            graph.Input(EmotionNetwork.InputName, "batch", 1, FaceResampler.Side, FaceResampler.Side);
            const string prefix = "body/";
            graph.Include(body, prefix);
            var logits = classifier.Export(graph, prefix + OnnxEmbedding.OutputName);
            var scores = graph.Node("Softmax", [logits], EmotionNetwork.ScoreName, ("axis", 1));
            graph.Finish(scores, labels.Count);
            var onnx = graph.ToModel(new Dictionary<string, string>
            {
                [EmotionNetwork.LabelsKey] = JsonSerializer.Serialize(labels),
                ["ferml.network"] = model.CardOrDefault.Network,
            });
            return temperature == 1 ? onnx : OnnxTemperature.Scale(onnx, temperature);
        }
        catch (InvalidDataException e)
        {
            throw new EmotionModelException($"{model.Name}: its classifier can't be replaced: {e.Message}.", e);
        }
    }

    /// <summary>Removes all nodes that a tensor doesn't depend on.</summary>
    private static void Prune(GraphProto graph, string output)
    {
        var needed = new HashSet<string> { output };
        var kept = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse())
            if (node.Output.Any(needed.Contains))
            {
                needed.UnionWith(node.Input);
                kept.Insert(0, node);
            }
        TensorProto[] weights = [.. graph.Initializer.Where(initializer => needed.Contains(initializer.Name))];
        graph.Node.Clear();
        graph.Node.Add(kept);
        graph.Initializer.Clear();
        graph.Initializer.Add(weights);
    }
}
