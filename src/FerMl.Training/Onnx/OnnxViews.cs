using System.Runtime.InteropServices;
using Google.Protobuf;

namespace FerMl.Training.Onnx;

/// <summary>
/// The views of a face in a network: before the layers a face becomes several, one view below another; after the softmax the scores of the
/// views become one.
/// </summary>
internal static class OnnxViews
{
    /// <summary>What views are made of.</summary>
    private static readonly string[] Operations = ["Pad", "Slice", "Resize", "Gather", "Concat"];

    /// <summary>Appends the nodes of <see cref="NetworkScores.Apply"/> for each view.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="faces">Faces [batch, 1, 48, 48].</param>
    /// <param name="views">The views, one or more.</param>
    /// <returns>All views [views * batch, 1, side, side], the first of all faces first.</returns>
    public static string Apply(OnnxGraph graph, string faces, IReadOnlyList<AugmentedView> views)
    {
        var mirrored = views.Any(view => view.IsMirrored) ? Mirror(graph, faces) : null;
        string[] seen = [.. views.Select(view => view.IsMirrored
            // A part of a mirrored face is the mirror image of the part on the other side.
            ? Apply(graph, mirrored!, view with { OffsetX = -view.OffsetX })
            : Apply(graph, faces, view))];
        return seen is [var only] ? only : graph.Node("Concat", seen, attributes: ("axis", 0));
    }

    /// <summary>Appends the mean over views.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="scores">Scores [views * batch, labels].</param>
    /// <param name="views">Number of views.</param>
    /// <param name="output">What to call the mean, [batch, labels].</param>
    /// <returns>Its name.</returns>
    public static string Average(OnnxGraph graph, string scores, int views, string output)
    {
        var parts = graph.Nodes("Split", [scores], views, ("axis", 0));
        return graph.Node("Mul", [graph.Node("Sum", parts), graph.Floats([1f / views], 1)], output);
    }

    /// <summary>A copy of a network that looks at faces in other ways; of an ensemble, each of its members.</summary>
    /// <param name="onnx">A network that <see cref="OnnxExporter"/> or <see cref="OnnxEnsemble"/> wrote.</param>
    /// <param name="averaging">The views to average over.</param>
    /// <exception cref="InvalidDataException">It isn't one of those, or computes in int8.</exception>
    public static byte[] Change(ReadOnlyMemory<byte> onnx, TestTimeAugmentation averaging)
    {
        var model = OnnxFile.Parse(onnx);
        var graph = model.Graph;
        if (OnnxInt8.IsIn(graph))
            throw new InvalidDataException("it computes in int8");
        if (graph.Node.Any(node => node.Output.Any(name => name.EndsWith(OnnxEmbedding.OutputName, StringComparison.Ordinal))))
            throw new InvalidDataException("its classifier takes embeddings that are averaged over views already");
        var centered = graph.Node.Where(OnnxExporter.IsCentering).Select(node => node.Output[0]).ToHashSet();
        var grays = graph.Node.Where(node => node.OpType == "Div" && centered.Contains(node.Input[0])).ToArray();
        var softmaxes = graph.Node.Where(node => node.OpType == "Softmax").ToArray();
        if (grays.Length == 0 || grays.Length != softmaxes.Length)
            throw new InvalidDataException("it isn't a network that FerMl writes");
        var sides = grays.Select(gray => RemoveViews(graph, gray)).ToArray();
        foreach (var softmax in softmaxes)
            RemoveMean(graph, softmax);
        new OnnxConstants(graph).RemoveUnused();
        for (var member = 0; member < grays.Length; member++)
        {
            var views = AugmentedView.Of(averaging, sides[member]);
            AddViews(graph, grays[member], views, $"views_{member}/");
            AddMean(graph, softmaxes[member], views.Count, $"views_{member}/mean/");
        }
        return model.ToByteArray();
    }

    private static string Apply(OnnxGraph graph, string faces, AugmentedView view)
    {
        var (part, side, margin) = (view.Part, view.Side, view.Margin);
        if (margin > 0)
            faces = graph.Node("Pad", [faces, graph.Integers(0, 0, margin, margin, 0, 0, margin, margin)], null, ("mode", "edge"));
        if (part < FaceResampler.Side + 2 * margin)
        {
            var (left, top) = view.Corner(margin);
            faces = graph.Node("Slice", [faces, graph.Integers(top, left), graph.Integers(top + part, left + part), graph.Integers(2, 3)]);
        }
        if (part != side)
        {
            // The runtime cuts off what is behind the point of part * scale.
            var scale = MathF.BitIncrement((float)side / part);
            faces = graph.Node("Resize", [faces, "", graph.Floats([1, 1, scale, scale], 4)], null, ("mode", "linear"));
        }
        return faces;
    }

    private static string Mirror(OnnxGraph graph, string faces)
    {
        var columns = Enumerable.Range(0, FaceResampler.Side).Select(i => (long)(FaceResampler.Side - 1 - i)).ToArray();
        return graph.Node("Gather", [faces, graph.Integers(columns)], attributes: ("axis", 3));
    }

    /// <summary>Leaves of the views the face as it is.</summary>
    /// <returns>Width and height that the network sees it in.</returns>
    private static int RemoveViews(GraphProto graph, NodeProto gray)
    {
        var reached = new Dictionary<string, NodeProto> { [gray.Output[0]] = gray };
        var last = gray;
        foreach (var node in graph.Node.Where(node => Operations.Contains(node.OpType) && node.Input.Any(reached.ContainsKey)))
        {
            reached.Add(node.Output[0], node);
            last = node;
        }
        foreach (var node in reached.Values.Where(node => node != gray))
            graph.Node.Remove(node);
        Rename(graph, last.Output[0], gray.Output[0]);
        // The first view is the middle of the face: what the network was trained on.
        var first = last.OpType == "Concat" ? reached.GetValueOrDefault(last.Input[0], gray) : last;
        return first.OpType == "Slice" ? LengthOf(graph, first) : FaceResampler.Side;
    }

    private static void AddViews(GraphProto graph, NodeProto gray, IReadOnlyList<AugmentedView> views, string prefix)
    {
        var added = new OnnxGraph(prefix: prefix);
        Rename(graph, gray.Output[0], Apply(added, gray.Output[0], views));
        added.InsertInto(graph, graph.Node.IndexOf(gray) + 1);
    }

    private static void RemoveMean(GraphProto graph, NodeProto softmax)
    {
        if (After(softmax, "Split") is not { } split)
            return;
        if (After(split, "Sum") is not { } sum || After(sum, "Mul") is not { } mean)
            throw new InvalidDataException($"the scores of {softmax.Name} are split, but not averaged");
        foreach (var node in (NodeProto[])[split, sum, mean])
            graph.Node.Remove(node);
        softmax.Output[0] = mean.Output[0];

        NodeProto? After(NodeProto before, string operation) => graph.Node.FirstOrDefault(
            node => node.OpType == operation && node.Input.Count > 0 && node.Input[0] == before.Output[0]);
    }

    private static void AddMean(GraphProto graph, NodeProto softmax, int views, string prefix)
    {
        if (views == 1)
            return;
        var output = softmax.Output[0];
        softmax.Output[0] = $"{prefix}scores";
        var added = new OnnxGraph(prefix: prefix);
        Average(added, softmax.Output[0], views, output);
        added.InsertInto(graph, graph.Node.IndexOf(softmax) + 1);
    }

    /// <summary>Gives the nodes that take one tensor another.</summary>
    private static void Rename(GraphProto graph, string taken, string instead)
    {
        foreach (var node in graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == taken)
                    node.Input[i] = instead;
    }

    /// <summary>Length of what a node slices out of the height.</summary>
    private static int LengthOf(GraphProto graph, NodeProto slice)
    {
        var bounds = slice.Input.Skip(1).Take(2).Select(name => graph.Initializer.FirstOrDefault(weights => weights.Name == name)?.RawData)
            .Select(data => data is { Length: >= sizeof(long) } ? MemoryMarshal.Read<long>(data.Span) : -1).ToArray();
        return bounds is [>= 0 and var start, var end] && end - start is > 0 and <= FaceResampler.Side and var length ? (int)length
            : throw new InvalidDataException($"{slice.Name} doesn't slice a face");
    }
}
