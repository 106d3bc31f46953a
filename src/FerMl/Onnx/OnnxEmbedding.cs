using FerMl.Onnx;

namespace FerMl;

/// <summary>
/// The embedding in a network that FerMl wrote: the input of its classifier, the last fully connected layer. It is averaged over the views
/// of test-time augmentation; an ensemble's embedding concatenates those of its members.
/// </summary>
internal static class OnnxEmbedding
{
    public const string OutputName = "Embedding";

    /// <summary>A copy of a network with the output <see cref="OutputName"/>, [batch, length].</summary>
    /// <param name="onnx">The validated network.</param>
    /// <returns>The copy, and the length of an embedding.</returns>
    /// <exception cref="InvalidDataException">The network's classifier layer isn't where FerMl writes it.</exception>
    public static (byte[] Onnx, int Length) AddTo(ReadOnlyMemory<byte> onnx)
    {
        var graph = ClassifierGraph.Parse(onnx);
        var length = AddTo(graph);
        return (graph.ToByteArray(), length);
    }

    /// <summary>Adds the output to a graph.</summary>
    /// <returns>The length of an embedding.</returns>
    public static int AddTo(ClassifierGraph classifier)
    {
        var graph = classifier.Graph;
        if (graph.Output.Any(output => output.Name == OutputName))
            throw new InvalidDataException("it has an embedding output already");
        string[] parts = [.. classifier.DenseMembers.Select((member, i) => Mean(classifier, member, i))];
        var length = classifier.Members.Sum(member => member.EmbeddingLength);
        graph.Node.Add(parts is [var only]
            // A multiplication by one, since an output needs its own name.
            ? Node("Mul", [only, classifier.Constants.Add("embedding_one", [1f], 1)], [OutputName])
            : Node("Concat", parts, [OutputName], ("axis", 1)));
        var shape = new TensorShapeProto
        {
            Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" },
                new TensorShapeProto.Types.Dimension { DimValue = length } },
        };
        graph.Output.Add(new ValueInfoProto
        {
            Name = OutputName,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = OnnxConstants.FloatType, Shape = shape } },
        });
        return length;
    }

    private static string Mean(ClassifierGraph classifier, ClassifierMember member, int number)
    {
        if (member.Views == 1)
            return member.Embedding!;
        var nodes = classifier.Graph.Node;
        string[] views = [.. Enumerable.Range(0, member.Views).Select(view => $"embedding_{number}_{view}")];
        nodes.Add(Node("Split", [member.Embedding!], views, ("axis", 0)));
        nodes.Add(Node("Sum", views, [$"embedding_{number}_sum"]));
        var mean = $"embedding_{number}";
        nodes.Add(Node("Mul",
            [$"embedding_{number}_sum", classifier.Constants.Add($"embedding_{number}_share", [1f / member.Views], 1)], [mean]));
        return mean;
    }

    private static NodeProto Node(string operation, string[] inputs, string[] outputs, params (string Name, long Value)[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"{outputs[0]}_node", Input = { inputs }, Output = { outputs } };
        foreach (var (name, value) in attributes)
            node.Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.Kind.Int });
        return node;
    }
}
