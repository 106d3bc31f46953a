using System.Runtime.InteropServices;
using FerMl.Onnx;
using Google.Protobuf;

namespace FerMl;

/// <summary>
/// The embedding in a network that FerMl wrote: what its classifier, the last fully connected layer, takes. It is averaged over the views
/// of test-time augmentation; that of an ensemble is the embeddings of its members, one after another.
/// </summary>
internal static class OnnxEmbedding
{
    public const string OutputName = "Embedding";

    private const int FloatType = 1;

    /// <summary>A classifier: embedding, fully connected layer, division by the temperature where there is one, softmax.</summary>
    /// <param name="Dense">The fully connected layer.</param>
    /// <param name="Length">Numbers that it takes.</param>
    /// <param name="Views">Views that the softmax's scores are averaged over.</param>
    public sealed record Classifier(NodeProto Dense, int Length, int Views);

    /// <summary>The classifiers of a network, in the order of the graph.</summary>
    /// <exception cref="InvalidDataException">It has none where FerMl writes it.</exception>
    public static IReadOnlyList<Classifier> Find(ClassifierGraph graph) => [.. graph.Members.Select(member =>
        member.Dense is { } dense && graph.Constants.ShapeOf(dense.Input[1]) is [var rows, var columns]
            ? new Classifier(dense, checked((int)(IsTransposed(dense) ? columns : rows)), member.Views)
            : throw new InvalidDataException("its classifier isn't one that FerMl writes"))];

    /// <summary>Whether the weights of a fully connected layer are label by input.</summary>
    public static bool IsTransposed(NodeProto dense) => dense.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 });

    /// <summary>A copy of a network with the output <see cref="OutputName"/>, [batch, length].</summary>
    /// <param name="onnx">The network, checked.</param>
    /// <returns>The copy, and how many numbers an embedding has.</returns>
    /// <exception cref="InvalidDataException">Its classifier isn't where FerMl writes it.</exception>
    public static (byte[] Onnx, int Length) AddTo(ReadOnlyMemory<byte> onnx)
    {
        var graph = ClassifierGraph.Parse(onnx);
        var length = AddTo(graph);
        return (graph.ToByteArray(), length);
    }

    /// <summary>Adds the output to a graph.</summary>
    /// <returns>How many numbers an embedding has.</returns>
    public static int AddTo(ClassifierGraph classifier)
    {
        var graph = classifier.Graph;
        if (graph.Output.Any(output => output.Name == OutputName))
            throw new InvalidDataException("it has such an output already");
        var classifiers = Find(classifier);
        string[] parts = [.. classifiers.Select((member, i) => Mean(graph, member, i))];
        var length = classifiers.Sum(member => member.Length);
        graph.Node.Add(parts is [var only]
            // Times one: an output needs a name of its own.
            ? Node("Mul", [only, Number(graph, "embedding_one", 1)], [OutputName])
            : Node("Concat", parts, [OutputName], ("axis", 1)));
        var shape = new TensorShapeProto
        {
            Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" },
                new TensorShapeProto.Types.Dimension { DimValue = length } },
        };
        graph.Output.Add(new ValueInfoProto
        {
            Name = OutputName,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = FloatType, Shape = shape } },
        });
        return length;
    }

    private static string Mean(GraphProto graph, Classifier classifier, int number)
    {
        var embedding = classifier.Dense.Input[0];
        if (classifier.Views == 1)
            return embedding;
        string[] views = [.. Enumerable.Range(0, classifier.Views).Select(view => $"embedding_{number}_{view}")];
        graph.Node.Add(Node("Split", [embedding], views, ("axis", 0)));
        graph.Node.Add(Node("Sum", views, [$"embedding_{number}_sum"]));
        var mean = $"embedding_{number}";
        graph.Node.Add(Node("Mul", [$"embedding_{number}_sum", Number(graph, $"embedding_{number}_share", 1f / classifier.Views)], [mean]));
        return mean;
    }

    private static string Number(GraphProto graph, string name, float value)
    {
        graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = FloatType,
            Dims = { 1 },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes([value])),
        });
        return name;
    }

    private static NodeProto Node(string operation, string[] inputs, string[] outputs, params (string Name, long Value)[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"{outputs[0]}_node", Input = { inputs }, Output = { outputs } };
        foreach (var (name, value) in attributes)
            node.Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.Kind.Int });
        return node;
    }
}
