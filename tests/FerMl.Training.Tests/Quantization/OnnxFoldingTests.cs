using FerMl.Training.Onnx;

namespace FerMl.Training.Tests;

public class OnnxFoldingTests
{
    [Test]
    public void Fold_PutsANormalizationIntoTheConvolution_ItsOwnEpsilonIncluded()
    {
        var graph = new OnnxGraph();
        graph.Input(EmotionNetwork.InputName, -1, 1, 2, 2);
        var image = graph.Node("Conv", [EmotionNetwork.InputName, graph.Floats([2], 1, 1, 1, 1)], null, ("kernel_shape", new[] { 1, 1 }));
        // Scale 3, shift 1, mean 5, variance 0: only epsilon, 4, prevents a division by zero.
        graph.Node("BatchNormalization",
            [image, graph.Floats([3], 1), graph.Floats([1], 1), graph.Floats([5], 1), graph.Floats([0], 1)], "normalized", ("epsilon", 4f));
        graph.Output("normalized", "batch", 1, 2, 2);
        var model = OnnxFile.Parse(graph.ToModel(new Dictionary<string, string>()));
        OnnxFolding.Fold(model.Graph);
        var convolution = model.Graph.Node.Single();
        var weights = new OnnxConstants(model.Graph);
        Assert.That(convolution.Output[0], Is.EqualTo("normalized"));
        Assert.That(weights.Floats(convolution.Input[1]).Values, Is.EqualTo(new[] { 2 * 1.5f }));
        Assert.That(weights.Floats(convolution.Input[2]).Values, Is.EqualTo(new[] { 1 - 5 * 1.5f }));
    }
}
