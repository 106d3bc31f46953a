using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// A bidirectional LSTM over a sequence (Hochreiter and Schmidhuber, 1997; Graves and Schmidhuber, 2005): one LSTM processes it forward,
/// one backward, and each step outputs both hidden states, concatenated: [steps, features] to [steps, 2 * hidden].
/// </summary>
/// <param name="Hidden">Size of the hidden state of each direction, at least 1.</param>
public sealed record BiLstm(int Hidden) : Layer
{
    private static readonly string[] InputWeights = ["lstm.weight_ih_l0", "lstm.weight_ih_l0_reverse"];
    private static readonly string[] HiddenWeights = ["lstm.weight_hh_l0", "lstm.weight_hh_l0_reverse"];
    private static readonly string[] Biases = ["lstm.bias_ih_l0", "lstm.bias_hh_l0", "lstm.bias_ih_l0_reverse", "lstm.bias_hh_l0_reverse"];

    /// <summary>The indices of ONNX's gates (input, output, forget, cell) in torch's order (input, forget, cell, output).</summary>
    private static ReadOnlySpan<int> GatesOfOnnx => [0, 3, 1, 2];

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input)
    {
        Require(input, 2, "a sequence [steps, features]");
        return Hidden >= 1 ? [input[0], 2 * Hidden] : throw new NetworkException($"{this}: the hidden size is at least 1.");
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(IReadOnlyList<int> input) => 2L * input[0] * 4 * Hidden * (input[1] + Hidden);

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => new BiLstmModule(input[1], Hidden);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module)
    {
        var features = OnnxWeights.Find(module, InputWeights[0]).shape[1];
        var inputWeights = Gather(module, features, InputWeights);
        var hiddenWeights = Gather(module, Hidden, HiddenWeights);
        var biases = Gather(module, 1, Biases);

        // ONNX expects [steps, batch, features] and outputs [steps, 2, batch, hidden].
        var steps = graph.Node("Transpose", [input], null, ("perm", (int[])[1, 0, 2]));
        var states = graph.Node("LSTM",
            [steps, graph.Floats(inputWeights, 2, 4 * Hidden, features), graph.Floats(hiddenWeights, 2, 4 * Hidden, Hidden),
                graph.Floats(biases, 2, 8 * Hidden)],
            null, ("hidden_size", Hidden), ("direction", "bidirectional"));
        var rows = graph.Node("Transpose", [states], null, ("perm", (int[])[2, 0, 1, 3]));
        return graph.Node("Reshape", [rows, graph.Integers(0, 0, 2 * Hidden)]);
    }

    internal override void Import(OnnxWeightReader reader, Module<Tensor, Tensor> module)
    {
        var features = OnnxWeights.Find(module, InputWeights[0]).shape[1];
        var node = reader.Next("LSTM");
        Scatter(node.Values(1, 2, 4 * Hidden, features), module, features, InputWeights);
        Scatter(node.Values(2, 2, 4 * Hidden, Hidden), module, Hidden, HiddenWeights);
        Scatter(node.Values(3, 2, 8 * Hidden), module, 1, Biases);
    }

    /// <inheritdoc/>
    public override string ToString() => $"BiLSTM 2x{Hidden}";

    /// <summary>Concatenates parameters, with the gates in ONNX's order.</summary>
    private float[] Gather(Module<Tensor, Tensor> module, long rowLength, ReadOnlySpan<string> names)
    {
        var gathered = new List<float>();
        var gate = Hidden * (int)rowLength;
        foreach (var name in names)
        {
            var values = OnnxWeights.ToArray(OnnxWeights.Find(module, name));
            foreach (var index in GatesOfOnnx)
                gathered.AddRange(values.AsSpan(index * gate, gate));
        }
        return [.. gathered];
    }

    /// <summary>The inverse of <see cref="Gather"/>.</summary>
    private void Scatter(ReadOnlySpan<float> gathered, Module<Tensor, Tensor> module, long rowLength, ReadOnlySpan<string> names)
    {
        var gate = Hidden * (int)rowLength;
        foreach (var name in names)
        {
            var values = new float[4 * gate];
            foreach (var index in GatesOfOnnx)
            {
                gathered[..gate].CopyTo(values.AsSpan(index * gate));
                gathered = gathered[gate..];
            }
            OnnxWeights.Set(OnnxWeights.Find(module, name), values);
        }
    }
}
