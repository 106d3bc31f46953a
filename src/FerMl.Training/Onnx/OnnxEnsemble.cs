using System.Text.Json;

namespace FerMl.Training.Onnx;

/// <summary>Merges networks that <see cref="OnnxExporter"/> wrote: they share one input, and their scores are averaged.</summary>
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
}
