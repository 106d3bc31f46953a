using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training.Onnx;

/// <summary>
/// Loads the weights of a network that <see cref="OnnxExporter"/> wrote back into layers. The layers read in the order in which they were
/// written, and each takes the next nodes with weights.
/// </summary>
internal sealed class OnnxWeightReader
{
    private static readonly string[] Operations = ["Conv", "BatchNormalization", "LSTM", "Gemm"];

    private readonly OnnxConstants _weights;
    private readonly Queue<NodeProto> _nodes;

    /// <param name="network">The network as an ONNX file.</param>
    /// <exception cref="InvalidDataException">The file isn't an ONNX network.</exception>
    public OnnxWeightReader(ReadOnlyMemory<byte> network)
    {
        var graph = OnnxFile.Parse(network).Graph;
        _weights = new OnnxConstants(graph);
        _nodes = new Queue<NodeProto>(graph.Node.Where(node => Operations.Contains(node.OpType)));
    }

    /// <summary>Number of nodes with weights that no layer has read.</summary>
    public int Left => _nodes.Count;

    /// <summary>A node and its weights.</summary>
    internal readonly struct Weighted(NodeProto node, OnnxConstants constants)
    {
        /// <summary>The weights at one of the node's inputs.</summary>
        /// <exception cref="InvalidDataException">There are none, or their shape differs.</exception>
        public float[] Values(int input, params ReadOnlySpan<long> shape)
        {
            if (input >= node.Input.Count || !constants.Contains(node.Input[input]))
                throw new InvalidDataException($"{node.Name} lacks the expected weights");
            var (values, found) = constants.Floats(node.Input[input]);
            return shape.SequenceEqual(found) ? values
                : throw new InvalidDataException(
                    $"the weights of {node.Name} are [{string.Join(", ", found)}], not [{string.Join(", ", shape.ToArray())}]");
        }
    }

    /// <summary>The next node with weights.</summary>
    /// <exception cref="InvalidDataException">There is none, or it has another operator.</exception>
    public Weighted Next(string operation)
    {
        if (!_nodes.TryDequeue(out var node))
            throw new InvalidDataException($"it ends where a {operation} is expected");
        return node.OpType == operation ? new Weighted(node, _weights)
            : throw new InvalidDataException($"it has {node.Name} where a {operation} is expected");
    }

    /// <summary>Copies the weights of the next node, from its second input on, into a module.</summary>
    /// <param name="operation">The node's operator.</param>
    /// <param name="module">The module.</param>
    /// <param name="names">The module's parameters and buffers, in the order of the node's inputs.</param>
    /// <exception cref="InvalidDataException">The node has another operator, or a shape differs.</exception>
    public void Give(string operation, Module<Tensor, Tensor> module, params ReadOnlySpan<string> names)
    {
        var node = Next(operation);
        for (var i = 0; i < names.Length; i++)
        {
            var tensor = OnnxWeights.Find(module, names[i]);
            OnnxWeights.Set(tensor, node.Values(i + 1, tensor.shape));
        }
    }
}
