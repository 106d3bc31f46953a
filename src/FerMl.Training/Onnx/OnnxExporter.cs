using System.Text.Json;
using static TorchSharp.torch;

namespace FerMl.Training.Onnx;

/// <summary>
/// Exports a trained network to ONNX, layer by layer. The graph contains everything between pixel values and probabilities: normalization
/// by mean and standard deviation, the layers, softmax, and optionally test-time augmentation. <see cref="OnnxTemperature"/> adds the
/// temperature.
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
        var augmented = AugmentedView.Of(views, cropSize);
        x = OnnxViews.Apply(graph, x, augmented);
        foreach (var (layer, module) in network.Steps)
            x = layer.Export(graph, x, module);
        x = graph.Node("Softmax", [x], augmented.Count > 1 ? null : EmotionNetwork.ScoreName, ("axis", 1));
        if (augmented.Count > 1)
            x = OnnxViews.Average(graph, x, augmented.Count, EmotionNetwork.ScoreName);
        graph.Finish(x, labels.Count);
        return graph.ToModel(new Dictionary<string, string>
        {
            [EmotionNetwork.LabelsKey] = JsonSerializer.Serialize(labels),
            ["ferml.network"] = network.Definition.Name,
        });
    }
}
