using System.Text.Json;

namespace FerMl.Training.Onnx;

/// <summary>Puts networks that <see cref="OnnxExporter"/> wrote side by side on one input, and averages their scores.</summary>
internal static class OnnxEnsemble
{
    public static byte[] Merge(IReadOnlyList<ReadOnlyMemory<byte>> networks, IReadOnlyList<string> labels)
    {
        var graph = new OnnxGraph();
        graph.Input(EmotionNetwork.InputName, "batch", 1, FaceResampler.Side, FaceResampler.Side);
        string[] scores = [.. networks.Select(
            (network, i) => graph.Include(OnnxFile.Parse(network).Graph, $"member{i}/"))];
        var mean = graph.Node("Mul", [graph.Node("Sum", scores), graph.Floats([1f / scores.Length], 1)], EmotionNetwork.ScoreName);
        graph.Finish(mean, labels.Count);
        return graph.ToModel(new Dictionary<string, string>
        {
            [EmotionNetwork.LabelsKey] = JsonSerializer.Serialize(labels),
            ["ferml.network"] = $"ensemble of {scores.Length}",
        });
    }

    /// <summary>Copies another graph in, its names set apart by a prefix.</summary>
    /// <returns>The name of its scores.</returns>
    private static string Include(this OnnxGraph graph, GraphProto other, string prefix)
    {
        foreach (var weights in other.Initializer)
        {
            weights.Name = prefix + weights.Name;
            graph.Add(weights);
        }
        // Which label is the likeliest is asked of the mean only.
        foreach (var node in other.Node.Where(node => !node.Output.Contains(EmotionNetwork.IndexName)))
        {
            node.Name = prefix + node.Name;
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] is "" or EmotionNetwork.InputName ? node.Input[i] : prefix + node.Input[i];
            for (var i = 0; i < node.Output.Count; i++)
                node.Output[i] = node.Output[i].Length == 0 ? "" : prefix + node.Output[i];
            graph.Add(node);
        }
        return prefix + EmotionNetwork.ScoreName;
    }
}
