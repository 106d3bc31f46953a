using System.Text.Json;
using static TorchSharp.torch;

namespace FerMl.Training.Onnx;

/// <summary>
/// Writes a trained network as ONNX by walking the same layers that built it. Everything between grey levels and probabilities is
/// in the graph: mean and standard deviation first, then the layers, softmax, and on request the average over face and mirror image.
/// </summary>
internal static class OnnxExporter
{
    public static byte[] Export(FaceNetwork network, IReadOnlyList<string> labels, bool flipAverage)
    {
        const int side = FaceResampler.Side;
        using var noGrad = no_grad();
        var graph = new OnnxGraph();
        graph.Input(EmotionNetwork.InputName, -1, 1, side, side);
        var x = graph.Node("Sub", [EmotionNetwork.InputName, graph.Floats([network.Mean], 1)]);
        x = graph.Node("Div", [x, graph.Floats([network.Deviation], 1)]);
        if (flipAverage)
        {
            var columns = Enumerable.Range(0, side).Select(i => (long)(side - 1 - i)).ToArray();
            var mirrored = graph.Node("Gather", [x, graph.Integers(columns)], attributes: ("axis", 3));
            x = graph.Node("Concat", [x, mirrored], attributes: ("axis", 0));
        }
        foreach (var (layer, module) in network.Steps)
            x = layer.Export(graph, x, module);
        x = graph.Node("Softmax", [x], flipAverage ? null : EmotionNetwork.ScoreName, ("axis", 1));
        if (flipAverage)
        {
            graph.Nodes("Split", [x], ["score_face", "score_mirrored"], ("axis", 0));
            x = graph.Node("Add", ["score_face", "score_mirrored"]);
            x = graph.Node("Mul", [x, graph.Floats([0.5f], 1)], EmotionNetwork.ScoreName);
        }
        graph.Node("ArgMax", [x], EmotionNetwork.IndexName, ("axis", 1), ("keepdims", 1));
        graph.Output(EmotionNetwork.ScoreName, isFloat: true, -1, labels.Count);
        graph.Output(EmotionNetwork.IndexName, isFloat: false, -1, 1);
        return graph.ToModel(new Dictionary<string, string>
        {
            [EmotionNetwork.LabelsKey] = JsonSerializer.Serialize(labels),
            ["ferml.network"] = network.Definition.Name,
        });
    }
}
