using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace FerMl.Training.Onnx;

/// <summary>
/// Reads the weights of a network that <see cref="OnnxExporter"/> wrote back into layers. Those are asked in the order in which they were
/// written, and each takes the next node that has weights.
/// </summary>
internal sealed class OnnxWeightReader
{
    private static readonly string[] Operations = ["Conv", "BatchNormalization", "LSTM", "Gemm"];

    private readonly Dictionary<string, TensorProto> _weights;
    private readonly Queue<NodeProto> _nodes;

    /// <param name="network">The network as an ONNX file.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public OnnxWeightReader(ReadOnlyMemory<byte> network)
    {
        var graph = OnnxFile.Parse(network).Graph;
        _weights = [];
        foreach (var weights in graph.Initializer)
            _weights[weights.Name] = weights;
        // Half precision: a constant, and a cast to float32.
        foreach (var constant in graph.Node
            .Where(node => node is { OpType: "Constant", Output.Count: > 0, Attribute: [{ T: not null }, ..] }))
            _weights[constant.Output[0]] = constant.Attribute[0].T;
        foreach (var cast in graph.Node
            .Where(node => node is { OpType: "Cast", Input.Count: > 0, Output.Count: > 0 } && _weights.ContainsKey(node.Input[0])))
            _weights[cast.Output[0]] = _weights[cast.Input[0]];
        _nodes = new Queue<NodeProto>(graph.Node.Where(node => Operations.Contains(node.OpType)));
    }

    /// <summary>Nodes with weights that no layer has asked for.</summary>
    public int Left => _nodes.Count;

    /// <summary>A node and its weights.</summary>
    internal readonly struct Weighted(NodeProto node, IReadOnlyDictionary<string, TensorProto> weights)
    {
        /// <summary>The weights that are one of the node's inputs.</summary>
        /// <exception cref="InvalidDataException">Their shape is another.</exception>
        public float[] Values(int input, params ReadOnlySpan<long> shape)
        {
            if (input >= node.Input.Count || !weights.TryGetValue(node.Input[input], out var found))
                throw new InvalidDataException($"{node.Name} has no weights where they are looked for");
            if (!shape.SequenceEqual(found.Dims.ToArray()))
                throw new InvalidDataException(
                    $"the weights of {node.Name} are [{string.Join(", ", found.Dims)}], not [{string.Join(", ", shape.ToArray())}]");
            var isHalf = found.DataType == OnnxGraph.HalfType;
            var size = isHalf ? 2 : sizeof(float);
            if (found.RawData.Length != found.Dims.Aggregate((long)size, (product, length) => unchecked(product * length)))
                throw new InvalidDataException($"the weights of {node.Name} are cut short");
            if (!isHalf)
                return MemoryMarshal.Cast<byte, float>(found.RawData.Span).ToArray();
            var halves = MemoryMarshal.Cast<byte, Half>(found.RawData.Span);
            var values = new float[halves.Length];
            TensorPrimitives.ConvertToSingle(halves, values);
            return values;
        }
    }

    /// <summary>The next node with weights.</summary>
    /// <exception cref="InvalidDataException">It is of another operation.</exception>
    public Weighted Next(string operation)
    {
        if (!_nodes.TryDequeue(out var node))
            throw new InvalidDataException($"it ends where a {operation} is looked for");
        return node.OpType == operation ? new Weighted(node, _weights)
            : throw new InvalidDataException($"it has {node.Name} where a {operation} is looked for");
    }

    /// <summary>Copies the weights of the next node, its second input first, into a module.</summary>
    /// <param name="operation">The node's operation.</param>
    /// <param name="module">The module.</param>
    /// <param name="names">The module's parameters and buffers, in the order of the node's inputs.</param>
    /// <exception cref="InvalidDataException">The node is of another operation, or a shape is another.</exception>
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
