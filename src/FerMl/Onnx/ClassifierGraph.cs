using Google.Protobuf;

namespace FerMl.Onnx;

/// <summary>
/// The structure of a classifier that FerMl wrote: which nodes are input normalization, test-time augmentation, classifier layer,
/// temperature and mean of the scores. It refers to the graph's own nodes; after adding or removing nodes, read the model again.
/// </summary>
internal sealed class ClassifierGraph
{
    private ClassifierGraph(ModelProto model)
    {
        (Model, Constants) = (model, new OnnxConstants(model.Graph));
        var producers = new Dictionary<string, NodeProto>();
        foreach (var node in Graph.Node)
            foreach (var output in node.Output.Where(output => output.Length > 0))
                producers[output] = node;
        IsQuantized = OnnxFile.IsInt8(Graph);
        Inputs = PixelNormalization.In(Graph);
        Members = [.. Graph.Node.Where(node => node.OpType == "Softmax").Select(softmax => ReadMember(softmax, producers))];
    }

    /// <summary>The model.</summary>
    public ModelProto Model { get; }

    /// <summary>Its graph.</summary>
    public GraphProto Graph => Model.Graph;

    /// <summary>Its constants.</summary>
    public OnnxConstants Constants { get; }

    /// <summary>The normalizations of pixel values: one per network, none in a quantized one.</summary>
    public IReadOnlyList<PixelNormalization> Inputs { get; }

    /// <summary>The score computations: one per network of an ensemble, in the order of the graph; at least one.</summary>
    public IReadOnlyList<ClassifierMember> Members { get; }

    /// <summary>Whether it is quantized to int8, at least in part.</summary>
    public bool IsQuantized { get; }

    /// <summary>Whether its classifier layer takes embeddings that are already averaged over the views.</summary>
    public bool TakesEmbeddings =>
        Graph.Node.Any(node => node.Output.Any(name => name.EndsWith(OnnxEmbedding.OutputName, StringComparison.Ordinal)));

    /// <summary>The temperature of a single network; 1 for an ensemble, whose members have their own.</summary>
    public float Temperature => Members is [var only] ? only.Temperature : 1;

    /// <summary>The networks, each with a fully connected layer.</summary>
    /// <exception cref="InvalidDataException">A network has none where FerMl writes it.</exception>
    public IReadOnlyList<ClassifierMember> DenseMembers => Members.All(member => member.Dense is not null) ? Members
        : throw new InvalidDataException("its classifier isn't one that FerMl writes");

    /// <summary>Reads a network.</summary>
    /// <param name="onnx">The ONNX file.</param>
    /// <exception cref="InvalidDataException">It isn't one that FerMl writes.</exception>
    public static ClassifierGraph Parse(ReadOnlyMemory<byte> onnx) => Read(OnnxFile.Parse(onnx));

    /// <inheritdoc cref="Parse"/>
    /// <param name="model">The network, parsed.</param>
    public static ClassifierGraph Read(ModelProto model) =>
        new ClassifierGraph(model) is { Members.Count: > 0 } graph ? graph : throw new InvalidDataException("it has no softmax");

    /// <summary>Reads the current state of the graph again.</summary>
    public ClassifierGraph Reread() => Read(Model);

    /// <summary>Serializes the model as an ONNX file.</summary>
    public byte[] ToByteArray() => Model.ToByteArray();

    private ClassifierMember ReadMember(NodeProto softmax, Dictionary<string, NodeProto> producers)
    {
        var before = softmax.Input.Count > 0 ? producers.GetValueOrDefault(softmax.Input[0]) : null;
        var division = before is { OpType: "Div", Input.Count: 2 } ? before : null;
        var temperature = division is null ? 1
            : Constants.TryNumber(division.Input[1], out var number) ? number
            : throw new InvalidDataException("it divides by something other than a temperature before its softmax");
        var dense = division is null ? before : producers.GetValueOrDefault(division.Input[0]);
        NodeProto[] mean = After(softmax, "Split") is not { } split ? []
            : After(split, "Sum") is { } sum && After(sum, "Mul") is { } average ? [split, sum, average]
            : throw new InvalidDataException($"the scores of {softmax.Name} are split, but not averaged");
        dense = dense is { OpType: "Gemm", Input.Count: 3 } && Constants.ShapeOf(dense.Input[1]) is [_, _] ? dense : null;
        var member = new ClassifierMember(softmax, division, temperature, dense, 0, mean);
        return dense is null ? member : member with
        {
            EmbeddingLength = checked((int)Constants.ShapeOf(dense.Input[1])![member.HasTransposedWeights ? 1 : 0]),
        };

        NodeProto? After(NodeProto node, string operation) => node.Output.Count == 0 ? null : Graph.Node.FirstOrDefault(
            next => next.OpType == operation && next.Input.Count > 0 && next.Input[0] == node.Output[0]);
    }
}
