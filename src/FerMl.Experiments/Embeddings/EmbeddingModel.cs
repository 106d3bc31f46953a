using System.Text.Json;
using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>A model of a trained network whose classifier is another: what turns a face into an embedding stays as it is.</summary>
internal static class EmbeddingModel
{
    /// <summary>The network with another classifier.</summary>
    /// <param name="model">The model whose network it is.</param>
    /// <param name="classifier">The classifier.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="temperature">What its logits are divided by.</param>
    /// <exception cref="EmotionModelException">The model's own classifier isn't one that FerMl writes.</exception>
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
            throw new EmotionModelException($"{model.Name}: its classifier can't be exchanged: {e.Message}.", e);
        }
    }

    /// <summary>Removes what a tensor doesn't depend on.</summary>
    private static void Prune(GraphProto graph, string wanted)
    {
        var needed = new HashSet<string> { wanted };
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
