using Google.Protobuf;

namespace FerMl;

/// <summary>
/// What may be in a network that ONNX Runtime is given: a model file can come from anybody, and ONNX can do more than networks need.
/// Numbers of the fields are those of onnx.proto.
/// </summary>
internal static class OnnxContent
{
    private const int ModelGraph = 7, ModelTraining = 20, ModelFunctions = 25;
    private const int GraphNode = 1, GraphInitializer = 5, GraphSparseInitializer = 15;
    private const int NodeOperator = 4, NodeAttribute = 5, NodeDomain = 7;
    private const int AttributeTensor = 5, AttributeGraph = 6, AttributeTensors = 10, AttributeGraphs = 11, AttributeSparse = 22,
        AttributeSparses = 23;
    private const int TensorExternalData = 13, TensorLocation = 14;

    /// <summary>
    /// The operators that this version writes, and those before it did. None of them repeats or chooses others, reads files or draws
    /// numbers.
    /// </summary>
    private static readonly HashSet<string> Operators =
    [
        "Add", "ArgMax", "BatchNormalization", "Cast", "Concat", "Constant", "Conv", "DequantizeLinear", "Div", "Elu", "Flatten",
        "Gather", "Gemm", "LSTM", "MaxPool", "Mul", "Pad", "QuantizeLinear", "ReduceMean", "Relu", "Reshape", "Resize", "Slice", "Softmax",
        "Split", "Sub", "Sum", "Transpose",
    ];

    /// <summary>Checks a network before anything else reads it.</summary>
    /// <param name="onnx">The ONNX file's bytes.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="EmotionModelException">It has parts that no network of FerMl's has, or is no ONNX file.</exception>
    public static void Check(byte[] onnx, string name)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        try
        {
            Each(new CodedInputStream(onnx), (field, content) => Handle(field switch
            {
                ModelGraph => CheckGraph,
                ModelTraining => _ => throw new InvalidDataException("it has steps of a training"),
                ModelFunctions => _ => throw new InvalidDataException("it has functions of its own"),
                _ => null,
            }, content));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            throw new EmotionModelException(
                $"{name}: the network in it isn't run: {e.Message}. Networks that FerMl exported are; export or fetch the model again.", e);
        }
    }

    private static void CheckGraph(CodedInputStream graph) => Each(graph, (field, content) => Handle(field switch
    {
        GraphNode => CheckNode,
        GraphInitializer => CheckTensor,
        GraphSparseInitializer => _ => throw new InvalidDataException("it has sparse weights"),
        _ => null,
    }, content));

    private static void CheckNode(CodedInputStream node)
    {
        string? kind = null;
        Each(node, (field, content) =>
        {
            switch (field)
            {
                case NodeOperator:
                    kind = content().ReadString();
                    break;
                case NodeDomain when content().ReadString() is { Length: > 0 } domain && domain != "ai.onnx":
                    throw new InvalidDataException($"it has an operator of '{Shown(domain)}'");
                case NodeAttribute:
                    CheckAttribute(content().Inner());
                    break;
            }
        });
        if (kind is null || !Operators.Contains(kind))
            throw new InvalidDataException($"it has the operator '{Shown(kind ?? "")}'");
    }

    private static void CheckAttribute(CodedInputStream attribute) => Each(attribute, (field, content) => Handle(field switch
    {
        AttributeTensor or AttributeTensors => CheckTensor,
        AttributeGraph or AttributeGraphs => _ => throw new InvalidDataException("it has a network within an operator"),
        AttributeSparse or AttributeSparses => _ => throw new InvalidDataException("it has sparse weights"),
        _ => null,
    }, content));

    /// <summary>Weights are in the file itself: such as lie elsewhere would be read from whatever file the network names.</summary>
    private static void CheckTensor(CodedInputStream tensor) => Each(tensor, (field, content) =>
    {
        if (field == TensorExternalData || (field == TensorLocation && content().ReadInt32() != 0))
            throw new InvalidDataException("its weights lie in another file");
    });

    private static void Handle(Action<CodedInputStream>? check, Func<CodedInputStream> content) => check?.Invoke(content().Inner());

    /// <summary>Goes through a message. Fields whose content isn't asked for are skipped.</summary>
    private static void Each(CodedInputStream message, Action<int, Func<CodedInputStream>> handle)
    {
        while (message.ReadTag() is not 0 and var tag)
        {
            var isRead = false;
            handle(WireFormat.GetTagFieldNumber(tag), () =>
            {
                isRead = true;
                return message;
            });
            if (!isRead)
                message.SkipLastField();
        }
    }

    private static CodedInputStream Inner(this CodedInputStream message) => message.ReadBytes().CreateCodedInput();

    private static string Shown(string text) => string.Concat(text.Take(40).Select(c => char.IsControl(c) ? '?' : c));
}
