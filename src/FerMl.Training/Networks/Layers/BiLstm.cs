using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// A bidirectional LSTM over a sequence (Hochreiter and Schmidhuber, 1997; Graves and Schmidhuber, 2005): one LSTM reads it forwards, one
/// backwards, and each step gives both hidden states side by side: [steps, features] to [steps, 2 * hidden].
/// </summary>
/// <param name="Hidden">Size of the hidden state of each direction, at least 1.</param>
public sealed record BiLstm(int Hidden) : Layer
{
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
        var features = OnnxWeights.Find(module, "lstm.weight_ih_l0").shape[1];
        var inputWeights = Gather(module, features, "weight_ih_l0", "weight_ih_l0_reverse");
        var hiddenWeights = Gather(module, Hidden, "weight_hh_l0", "weight_hh_l0_reverse");
        var biases = Gather(module, 1, "bias_ih_l0", "bias_hh_l0", "bias_ih_l0_reverse", "bias_hh_l0_reverse");

        // ONNX wants [steps, batch, features] and gives [steps, 2, batch, hidden].
        var steps = graph.Node("Transpose", [input], null, ("perm", (int[])[1, 0, 2]));
        var states = graph.Node("LSTM",
            [steps, graph.Floats(inputWeights, 2, 4 * Hidden, features), graph.Floats(hiddenWeights, 2, 4 * Hidden, Hidden), graph.Floats(biases, 2, 8 * Hidden)],
            null, ("hidden_size", Hidden), ("direction", "bidirectional"));
        var rows = graph.Node("Transpose", [states], null, ("perm", (int[])[2, 0, 1, 3]));
        return graph.Node("Reshape", [rows, graph.Integers(0, 0, 2 * Hidden)]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"BiLSTM 2x{Hidden}";

    /// <summary>Strings parameters together with their gates reordered: torch keeps input, forget, cell, output; ONNX input, output, forget, cell.</summary>
    private float[] Gather(Module<Tensor, Tensor> module, long rowLength, params ReadOnlySpan<string> names)
    {
        var gathered = new List<float>();
        var gate = Hidden * (int)rowLength;
        foreach (var name in names)
        {
            var values = OnnxWeights.ToArray(OnnxWeights.Find(module, $"lstm.{name}"));
            foreach (var index in (ReadOnlySpan<int>)[0, 3, 1, 2])
                gathered.AddRange(values.AsSpan(index * gate, gate));
        }
        return [.. gathered];
    }
}
