using System.Text.Json;
using static TorchSharp.torch;

namespace FerMl.Training.Onnx;

/// <summary>
/// Writes a trained network as ONNX by walking the same layers that built it. Everything between grey levels and probabilities is
/// in the graph: mean and standard deviation first, then the layers, the temperature, softmax, and on request the average over views of the face.
/// </summary>
internal static class OnnxExporter
{
    public static byte[] Export(FaceNetwork network, IReadOnlyList<string> labels, ScoreAveraging averaging, double temperature, WeightFormat weights = WeightFormat.Float32)
    {
        const int side = FaceResampler.Side;
        using var noGrad = no_grad();
        var graph = new OnnxGraph(weights);
        graph.Input(EmotionNetwork.InputName, -1, 1, side, side);
        var x = graph.Node("Sub", [EmotionNetwork.InputName, graph.Floats([network.Mean], 1)]);
        x = graph.Node("Div", [x, graph.Floats([network.Deviation], 1)]);
        var views = FaceView.Of(averaging);
        if (views.Count > 1)
            x = graph.Node("Concat", views.Select(view => See(graph, x, view)).ToArray(), attributes: ("axis", 0));
        foreach (var (layer, module) in network.Steps)
            x = layer.Export(graph, x, module);
        if (temperature != 1)
            x = graph.Node("Div", [x, graph.Floats([(float)temperature], 1)]);
        x = graph.Node("Softmax", [x], views.Count > 1 ? null : EmotionNetwork.ScoreName, ("axis", 1));
        if (views.Count > 1)
        {
            string[] parts = [.. views.Select((_, i) => $"score_{i}")];
            graph.Nodes("Split", [x], parts, ("axis", 0));
            x = graph.Node("Mul", [graph.Node("Sum", parts), graph.Floats([1f / views.Count], 1)], EmotionNetwork.ScoreName);
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
        const int side = FaceResampler.Side;
        const int pad = FaceView.CropShift;
        if (view.Right != 0 || view.Down != 0)
        {
            faces = graph.Node("Pad", [faces, graph.Integers(0, 0, pad, pad, 0, 0, pad, pad)], null, ("mode", "edge"));
            var (top, left) = (pad + view.Down, pad + view.Right);
            faces = graph.Node("Slice", [faces, graph.Integers(top, left), graph.Integers(top + side, left + side), graph.Integers(2, 3)]);
        }
        if (!view.IsMirrored)
            return faces;
        var columns = Enumerable.Range(0, side).Select(i => (long)(side - 1 - i)).ToArray();
        return graph.Node("Gather", [faces, graph.Integers(columns)], attributes: ("axis", 3));
    }
}
