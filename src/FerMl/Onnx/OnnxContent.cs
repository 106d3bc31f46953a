using FerMl.Onnx;
using Google.Protobuf;

namespace FerMl;

/// <summary>
/// Validates networks before ONNX Runtime opens them: model files are untrusted, and ONNX can do more than networks need. A network is
/// parsed once, with the schema of what FerMl writes (onnx.proto). ONNX Runtime gets the validated network, serialized again, and never the
/// original bytes.
/// </summary>
internal static class OnnxContent
{
    /// <summary>The operators allowed on constants alone, which run when a network is opened: they convert weights to float32.</summary>
    private static readonly HashSet<string> OfConstants = ["Constant", "Cast", "DequantizeLinear"];

    /// <summary>Operators that integers are not allowed for: division by zero or overflow would end the process.</summary>
    private static readonly HashSet<string> Arithmetic = ["Add", "Sub", "Mul", "Div", "Sum"];

    /// <summary>
    /// The operators that this version and earlier ones write. None of them loops, branches, reads files or draws random numbers.
    /// </summary>
    private static readonly HashSet<string> Operators =
    [
        .. OfConstants, .. Arithmetic, "ArgMax", "BatchNormalization", "Concat", "Conv", "Elu", "Flatten", "Gather", "Gemm",
            "LessOrEqual", "LSTM",
        "MaxPool", "Pad", "QuantizeLinear", "ReduceMean", "Relu", "Reshape", "Resize", "Slice", "Softmax", "Split", "Transpose",
    ];

    /// <summary>Validates a network before anything else reads it.</summary>
    /// <param name="onnx">The ONNX file's bytes.</param>
    /// <param name="name">The network's name in error messages.</param>
    /// <returns>The network as parsed, which is the one to run.</returns>
    /// <exception cref="EmotionModelException">The network has parts that no FerMl network has, or isn't an ONNX file.</exception>
    public static byte[] Checked(byte[] onnx, string name)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        try
        {
            var model = ModelProto.Parser.ParseFrom(onnx);
            var known = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(onnx);
            var graph = known.Graph ?? throw new InvalidDataException("it has no graph");
            Refuse(known.TrainingInfo.Count > 0, "it has training steps");
            Refuse(known.Functions.Count > 0, "it has functions of its own");
            Refuse(graph.SparseInitializer.Count > 0, "it has sparse weights");
            foreach (var weights in graph.Initializer)
                CheckTensor(weights);
            foreach (var node in graph.Node)
                CheckNode(node);
            CheckTypes(graph);
            OnnxWork.Check(graph);
            // Other parsers might interpret these parts differently.
            Refuse(known.CalculateSize() != model.CalculateSize(), "it has parts that no FerMl network has");
            Refuse(model.CalculateSize() != onnx.Length, "it has parts twice, or written in an unusual way");
            return known.ToByteArray();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            throw new EmotionModelException(
                $"{name}: the network in it is rejected: {e.Message}. Only FerMl's exports are run; export or fetch the model again.", e);
        }
    }

    private static void CheckNode(NodeProto node)
    {
        Refuse(node.Domain is not ("" or "ai.onnx"), $"it has an operator of '{Shown(node.Domain)}'");
        Refuse(!Operators.Contains(node.OpType), $"it has the operator '{Shown(node.OpType)}'");
        foreach (var attribute in node.Attribute)
        {
            Refuse(attribute.G.Count > 0 || attribute.Graphs.Count > 0, "it has an operator with a subgraph");
            if (attribute.T is { } tensor)
                CheckTensor(tensor);
        }
    }

    /// <summary>Requires weights in the file itself: external weights would be read from any file that the network names.</summary>
    private static void CheckTensor(TensorProto tensor) =>
        Refuse(tensor.ExternalData.Count > 0 || tensor.DataLocation != 0, "its weights are in another file");

    /// <summary>
    /// Infers data types through a network, since arithmetic is only allowed on floating-point numbers. It also tracks constants, since
    /// opening a network computes constant expressions without any limit.
    /// </summary>
    private static void CheckTypes(GraphProto graph)
    {
        const int single = 1, integer = 7, half = 10, unsignedByte = 2, boolean = 9;
        var (types, constants) = (new Dictionary<string, int>(), new HashSet<string>());
        foreach (var input in graph.Input)
            types[input.Name] = input.Type?.TensorType?.ElemType ?? 0;
        foreach (var weights in graph.Initializer)
        {
            types[weights.Name] = weights.DataType;
            constants.Add(weights.Name);
        }
        foreach (var node in graph.Node)
        {
            string[] inputs = [.. node.Input.Where(name => name.Length > 0)];
            foreach (var input in inputs)
                Refuse(!types.ContainsKey(input), $"its operator {node.OpType} takes '{Shown(input)}', which isn't defined before it");
            if (Arithmetic.Contains(node.OpType) || node.OpType == "LessOrEqual")
                Refuse(!inputs.All(input => types[input] is single or half), $"its operator {node.OpType} computes with integers");
            var isConstant = inputs.All(constants.Contains);
            Refuse(isConstant && !OfConstants.Contains(node.OpType), $"its operator {node.OpType} computes only with constants");
            var type = node.OpType switch
            {
                "ArgMax" => integer,
                "LessOrEqual" => boolean,
                "DequantizeLinear" => single,
                "QuantizeLinear" => inputs.Length > 2 ? types[inputs[2]] : unsignedByte,
                "Cast" => (int)(node.Attribute.FirstOrDefault(attribute => attribute.Name == "to")?.I ?? 0),
                "Constant" => node.Attribute.FirstOrDefault(attribute => attribute.T is not null)?.T.DataType ?? integer,
                _ => inputs.Length > 0 ? types[inputs[0]] : 0,
            };
            Refuse(node.OpType == "Cast" && type is not (single or half), "it casts numbers to integers");
            foreach (var output in node.Output)
            {
                types[output] = type;
                if (isConstant)
                    constants.Add(output);
            }
        }
    }

    private static void Refuse(bool isWrong, string why)
    {
        if (isWrong)
            throw new InvalidDataException(why);
    }

    private static string Shown(string text) => string.Concat(text.Take(40).Select(c => char.IsControl(c) ? '?' : c));
}
