using System.Text.Json;
using static TorchSharp.torch;

namespace FerMl.Training.Onnx;

/// <summary>
/// Writes a trained network as ONNX by walking the same layers that built it. Everything between gray levels and probabilities is
/// in the graph: mean and standard deviation first, then the layers, softmax, and on request the average over views of the face.
/// <see cref="OnnxTemperature"/> adds the temperature.
/// </summary>
internal static class OnnxExporter
{
    public static byte[] Export(
        FaceNetwork network, IReadOnlyList<string> labels, TestTimeAugmentation views, WeightFormat weights = WeightFormat.Float32,
        int cropSize = FaceResampler.Side)
    {
        const int side = FaceResampler.Side;
        using var noGrad = no_grad();
        var graph = new OnnxGraph(weights);
        graph.Input(EmotionNetwork.InputName, "batch", 1, side, side);
        var x = graph.Node("Sub", [EmotionNetwork.InputName, graph.Floats([network.Mean], 1)]);
        x = graph.Node("Div", [x, graph.Floats([network.StandardDeviation], 1)]);
        var seen = FaceView.Of(views, cropSize);
        if (seen.Count == 1)
            x = See(graph, x, seen[0]);
        else
            x = graph.Node("Concat", seen.Select(view => See(graph, x, view)).ToArray(), attributes: ("axis", 0));
        foreach (var (layer, module) in network.Steps)
            x = layer.Export(graph, x, module);
        x = graph.Node("Softmax", [x], seen.Count > 1 ? null : EmotionNetwork.ScoreName, ("axis", 1));
        if (seen.Count > 1)
        {
            string[] parts = [.. seen.Select((_, i) => $"score_{i}")];
            graph.Nodes("Split", [x], parts, ("axis", 0));
            x = graph.Node("Mul", [graph.Node("Sum", parts), graph.Floats([1f / seen.Count], 1)], EmotionNetwork.ScoreName);
        }
        graph.Finish(x, labels.Count);
        return graph.ToModel(new Dictionary<string, string>
        {
            [EmotionNetwork.LabelsKey] = JsonSerializer.Serialize(labels),
            ["ferml.network"] = network.Definition.Name,
        });
    }

    /// <summary>The nodes of <see cref="NetworkScores.See"/>.</summary>
    private static string See(OnnxGraph graph, string faces, FaceView view)
    {
        var (side, margin) = (view.Side, view.Margin);
        if (margin > 0)
            faces = graph.Node("Pad", [faces, graph.Integers(0, 0, margin, margin, 0, 0, margin, margin)], null, ("mode", "edge"));
        if (margin > 0 || side < FaceResampler.Side)
        {
            var (left, top) = view.Corner(margin);
            faces = graph.Node("Slice", [faces, graph.Integers(top, left), graph.Integers(top + side, left + side), graph.Integers(2, 3)]);
        }
        if (!view.IsMirrored)
            return faces;
        var columns = Enumerable.Range(0, side).Select(i => (long)(side - 1 - i)).ToArray();
        return graph.Node("Gather", [faces, graph.Integers(columns)], attributes: ("axis", 3));
    }
}
