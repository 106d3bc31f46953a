using System.Text.Json;
using FerMl.Training.Onnx;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// A network over the frames of a clip: a BiLSTM with a skip connection processes their features, and a classifier their mean. If the
/// BiLSTM outputs 0, the network averages the frames; the BiLSTM learns what to add: which frames count, and how the face moves.
/// </summary>
internal static class SequenceNetwork
{
    private const string FramePrefix = "frame/";

    /// <param name="frames">Number of frames per clip.</param>
    /// <param name="width">Number of features per frame; even.</param>
    /// <param name="classes">Number of labels.</param>
    /// <param name="options">The training options.</param>
    public static LayerStack Create(int frames, int width, int classes, SequenceTrainerOptions options) => new(
        [
            new Dropout(options.Dropout), .. options.HasBiLstm ? (Layer[])[new SkipConnection(new BiLstm(width / 2))] : [],
            new SequenceMean(), new Dense(classes),
        ],
        [frames, width]);

    /// <summary>
    /// Exports the network to ONNX, with the single-face network before it: <c>Pixels</c> [batch, frames, 48, 48] to <c>Score</c> [batch,
    /// labels] and <c>FrameScore</c> [batch, frames, labels].
    /// </summary>
    /// <param name="network">The trained network.</param>
    /// <param name="features">The feature extractor.</param>
    /// <param name="frames">Number of frames per clip.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="temperature">The divisor of the logits.</param>
    public static byte[] Export(
        LayerStack network, FrameFeatures features, int frames, IReadOnlyList<string> labels, double temperature)
    {
        const int side = FaceResampler.Side;
        using var noGrad = no_grad();
        var graph = new OnnxGraph(WeightFormat.Float16);
        graph.Input(EmotionNetwork.InputName, "batch", frames, side, side);
        var faces = graph.Node("Reshape", [EmotionNetwork.InputName, graph.Integers(-1, 1, side, side)]);
        var single = ClassifierGraph.Parse(features.Network);
        var vectors = FramePrefix + FrameFeatures.NameOf(single);
        var scores = graph.Include(single.Graph, FramePrefix, faces);
        graph.Node("Reshape", [scores, graph.Integers(-1, frames, labels.Count)], EmotionNetwork.FrameScoreName);
        if (features.Views > 1)
        {
            var views = graph.Node("Reshape", [vectors, graph.Integers(features.Views, -1, features.Width)]);
            vectors = graph.Node("ReduceMean", [views], null, ("axes", (int[])[0]), ("keepdims", 0));
        }
        var sequence = graph.Node("Reshape", [vectors, graph.Integers(-1, frames, features.Width)]);
        var logits = graph.Node("Div", [network.Export(graph, sequence), graph.Floats([(float)temperature], 1)]);
        graph.Finish(graph.Node("Softmax", [logits], EmotionNetwork.ScoreName, ("axis", 1)), labels.Count);
        graph.Output(EmotionNetwork.FrameScoreName, "batch", frames, labels.Count);
        return graph.ToModel(new Dictionary<string, string>
        {
            [EmotionNetwork.LabelsKey] = JsonSerializer.Serialize(labels),
            ["ferml.network"] = "sequence",
        });
    }
}
