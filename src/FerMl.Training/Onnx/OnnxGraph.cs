using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace FerMl.Training.Onnx;

/// <summary>Builds an ONNX graph; layers append their nodes and weights to it.</summary>
/// <param name="weights">Format of the weights.</param>
/// <param name="prefix">Prefix of the names that it generates.</param>
internal sealed class OnnxGraph(WeightFormat weights = WeightFormat.Float32, string prefix = "")
{
    /// <summary>Operator set 17, which ONNX Runtime supports since 1.12.</summary>
    private const int OperatorSet = 17;
    private const int IrVersion = 8;
    private const int FloatType = OnnxConstants.FloatType;
    private const int Int64Type = 7;

    /// <summary>Minimum number of weights to convert to float16. Statistics and biases have fewer, and are more sensitive.</summary>
    private const int MinHalves = 1024;

    private readonly GraphProto _graph = new() { Name = "ferml" };

    /// <summary>Appends a node with one output.</summary>
    /// <returns>The output's name: the given one, or one made of the operator and a number.</returns>
    public string Node(string operation, IEnumerable<string> inputs, string? output = null,
        params IEnumerable<(string Name, object Value)> attributes)
    {
        output ??= $"{prefix}{operation}_{_graph.Node.Count}";
        Append(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>Appends a node with several outputs.</summary>
    /// <returns>Their names.</returns>
    public string[] Nodes(string operation, IEnumerable<string> inputs, int outputs,
        params IEnumerable<(string Name, object Value)> attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(i => $"{prefix}{operation}_{_graph.Node.Count}_{i}")];
        Append(operation, inputs, names, attributes);
        return names;
    }

    private void Append(
        string operation, IEnumerable<string> inputs, IEnumerable<string> outputs, IEnumerable<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"{prefix}{operation}_node_{_graph.Node.Count}" };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes.Select(Attribute));
        _graph.Node.Add(node);
    }

    /// <summary>Adds weights.</summary>
    /// <returns>Their name.</returns>
    public string Floats(ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions)
    {
        if (weights == WeightFormat.Float32 || values.Length < MinHalves || TensorPrimitives.MaxMagnitude(values) > (float)Half.MaxValue)
            return Name(Tensor(MemoryMarshal.AsBytes(values), FloatType, dimensions));
        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        // As a constant node, since ML.NET rejects float16 initializers. ONNX Runtime converts it once, when it loads the network.
        var constant = Tensor(MemoryMarshal.AsBytes<Half>(halves), OnnxConstants.HalfType, dimensions);
        return Node("Cast", [Node("Constant", [], null, ("value", constant))], null, ("to", FloatType));
    }

    /// <summary>Adds a list of integers, such as a shape.</summary>
    /// <returns>Its name.</returns>
    public string Integers(params ReadOnlySpan<long> values) => Name(Tensor(MemoryMarshal.AsBytes(values), Int64Type, [values.Length]));

    /// <summary>
    /// Copies another FerMl network into this graph, with a prefix for its names and without the index of its highest score.
    /// </summary>
    /// <param name="other">The other network's graph, whose names change.</param>
    /// <param name="prefix">The prefix of its names.</param>
    /// <param name="input">The tensor that it gets as faces.</param>
    /// <returns>The name of its scores.</returns>
    public string Include(GraphProto other, string prefix, string input = EmotionNetwork.InputName)
    {
        foreach (var weights in other.Initializer)
        {
            weights.Name = prefix + weights.Name;
            _graph.Initializer.Add(weights);
        }
        foreach (var node in other.Node.Where(node => !node.Output.Contains(EmotionNetwork.IndexName)))
        {
            node.Name = prefix + node.Name;
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] switch { "" => "", EmotionNetwork.InputName => input, var name => prefix + name };
            for (var i = 0; i < node.Output.Count; i++)
                node.Output[i] = node.Output[i].Length == 0 ? "" : prefix + node.Output[i];
            _graph.Node.Add(node);
        }
        return prefix + EmotionNetwork.ScoreName;
    }

    /// <summary>Declares the outputs of all FerMl networks: the scores, and the index of the highest one.</summary>
    public void Finish(string scores, int labels)
    {
        Node("ArgMax", [scores], EmotionNetwork.IndexName, ("axis", 1), ("keepdims", 1));
        Output(EmotionNetwork.ScoreName, "batch", labels);
        _graph.Output.Add(Value(EmotionNetwork.IndexName, Int64Type, ["batch", 1]));
    }

    /// <summary>Moves nodes and weights into an existing graph.</summary>
    /// <param name="other">The existing graph.</param>
    /// <param name="at">The index of the first inserted node.</param>
    public void InsertInto(GraphProto other, int at)
    {
        foreach (var node in _graph.Node)
            other.Node.Insert(at++, node);
        other.Initializer.Add(_graph.Initializer);
    }

    /// <summary>Returns the graph as the bytes of an ONNX file.</summary>
    public byte[] ToModel(IReadOnlyDictionary<string, string> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "FerMl",
            ProducerVersion = ThisAssembly.Version,
            Graph = _graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        model.MetadataProps.Add(metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model.ToByteArray();
    }

    /// <summary>Declares an input of floats.</summary>
    public void Input(string name, params ReadOnlySpan<OnnxDimension> dimensions) => _graph.Input.Add(Value(name, FloatType, dimensions));

    /// <summary>Declares an output of floats.</summary>
    public void Output(string name, params ReadOnlySpan<OnnxDimension> dimensions) =>
        _graph.Output.Add(Value(name, FloatType, dimensions));

    /// <summary>Adds weights under a generated name.</summary>
    /// <returns>The name.</returns>
    private string Name(TensorProto weights)
    {
        weights.Name = $"{prefix}weights_{_graph.Initializer.Count}";
        _graph.Initializer.Add(weights);
        return weights.Name;
    }

    private static TensorProto Tensor(ReadOnlySpan<byte> data, int type, ReadOnlySpan<long> dimensions)
    {
        var tensor = new TensorProto { DataType = type, RawData = ByteString.CopyFrom(data) };
        tensor.Dims.AddRange(dimensions);
        return tensor;
    }

    private static ValueInfoProto Value(string name, int type, ReadOnlySpan<OnnxDimension> dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
            shape.Dim.Add(dimension.Name is { } open ? new TensorShapeProto.Types.Dimension { DimParam = open }
                : new TensorShapeProto.Types.Dimension { DimValue = dimension.Length });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = type, Shape = shape } },
        };
    }

    private static AttributeProto Attribute((string Name, object Value) attribute) => attribute.Value switch
    {
        float value => new AttributeProto { Name = attribute.Name, F = value, Type = AttributeProto.Types.Kind.Float },
        int value => new AttributeProto { Name = attribute.Name, I = value, Type = AttributeProto.Types.Kind.Int },
        string value => new AttributeProto
        {
            Name = attribute.Name,
            S = ByteString.CopyFromUtf8(value),
            Type = AttributeProto.Types.Kind.String,
        },
        TensorProto value => new AttributeProto { Name = attribute.Name, T = value, Type = AttributeProto.Types.Kind.Tensor },
        int[] value => new AttributeProto
        {
            Name = attribute.Name,
            Ints = { value.Select(i => (long)i) },
            Type = AttributeProto.Types.Kind.Ints,
        },
        _ => throw new ArgumentException($"An ONNX attribute of type {attribute.Value.GetType()} is not used by FerMl.", nameof(attribute)),
    };
}
