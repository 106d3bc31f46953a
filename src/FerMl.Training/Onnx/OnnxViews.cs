using System.Runtime.InteropServices;

namespace FerMl.Training.Onnx;

/// <summary>
/// Test-time augmentation in a network: before the layers, each face becomes several views, stacked along the batch; after the softmax, the
/// views' scores are averaged.
/// </summary>
internal static class OnnxViews
{
    /// <summary>The operators that create views.</summary>
    private static readonly string[] Operations = ["Pad", "Slice", "Resize", "Gather", "Concat"];

    /// <summary>Appends the nodes of <see cref="NetworkScores.Apply"/> for each view.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="faces">Faces [batch, 1, 48, 48].</param>
    /// <param name="views">The views, at least one.</param>
    /// <returns>All views [views * batch, 1, side, side], beginning with the first view of all faces.</returns>
    public static string Apply(OnnxGraph graph, string faces, IReadOnlyList<AugmentedView> views)
    {
        var mirrored = views.Any(view => view.IsMirrored) ? Mirror(graph, faces) : null;
        string[] augmented = [.. views.Select(view => view.IsMirrored
            // A crop of a mirrored face is the mirror image of the crop on the other side.
            ? Apply(graph, mirrored!, view with { OffsetX = -view.OffsetX })
            : Apply(graph, faces, view))];
        return augmented is [var only] ? only : graph.Node("Concat", augmented, attributes: ("axis", 0));
    }

    /// <summary>Appends the mean over the views.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="scores">Scores [views * batch, labels].</param>
    /// <param name="views">Number of views.</param>
    /// <param name="output">The name of the mean, [batch, labels].</param>
    /// <returns>Its name.</returns>
    public static string Average(OnnxGraph graph, string scores, int views, string output)
    {
        var parts = graph.Nodes("Split", [scores], views, ("axis", 0));
        return graph.Node("Mul", [graph.Node("Sum", parts), graph.Floats([1f / views], 1)], output);
    }

    /// <summary>Changes a network's test-time augmentation, in place; for an ensemble, that of each member.</summary>
    /// <param name="network">A network that <see cref="OnnxExporter"/> or <see cref="OnnxEnsemble"/> wrote.</param>
    /// <param name="averaging">The views to average over.</param>
    /// <returns>The network with the new views.</returns>
    /// <exception cref="InvalidDataException">The network isn't one of those, or computes in int8.</exception>
    public static ClassifierGraph Change(ClassifierGraph network, TestTimeAugmentation averaging)
    {
        if (network.IsQuantized)
            throw new InvalidDataException("it computes in int8");
        if (network.TakesEmbeddings)
            throw new InvalidDataException("its classifier takes embeddings that are averaged over views already");
        var graph = network.Graph;
        if (network.Inputs.Count == 0 || network.Inputs.Count != network.Members.Count)
            throw new InvalidDataException("it isn't a network that FerMl writes");
        var sides = network.Inputs.Select(input => RemoveViews(graph, input.Scale)).ToArray();
        foreach (var member in network.Members)
            RemoveMean(graph, member);
        network.Constants.RemoveUnused();
        for (var i = 0; i < sides.Length; i++)
        {
            var views = AugmentedView.Of(averaging, sides[i]);
            AddViews(graph, network.Inputs[i].Scale, views, $"views_{i}/");
            AddMean(graph, network.Members[i].Softmax, views.Count, $"views_{i}/mean/");
        }
        return network.Reread();
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
            // ONNX Runtime truncates part * scale, which must not be below the side.
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

    /// <summary>Removes all views but the face itself.</summary>
    /// <returns>Width and height of the faces that the network processes.</returns>
    private static int RemoveViews(GraphProto graph, NodeProto scale)
    {
        var reached = new Dictionary<string, NodeProto> { [scale.Output[0]] = scale };
        var last = scale;
        foreach (var node in graph.Node.Where(node => Operations.Contains(node.OpType) && node.Input.Any(reached.ContainsKey)))
        {
            reached.Add(node.Output[0], node);
            last = node;
        }
        foreach (var node in reached.Values.Where(node => node != scale))
            graph.Node.Remove(node);
        Rename(graph, last.Output[0], scale.Output[0]);
        // The first view is the center of the face, as in training.
        var first = last.OpType == "Concat" ? reached.GetValueOrDefault(last.Input[0], scale) : last;
        return first.OpType == "Slice" ? LengthOf(graph, first) : FaceResampler.Side;
    }

    private static void AddViews(GraphProto graph, NodeProto scale, IReadOnlyList<AugmentedView> views, string prefix)
    {
        var added = new OnnxGraph(prefix: prefix);
        Rename(graph, scale.Output[0], Apply(added, scale.Output[0], views));
        added.InsertInto(graph, graph.Node.IndexOf(scale) + 1);
    }

    private static void RemoveMean(GraphProto graph, ClassifierMember member)
    {
        if (member.Mean is not [.., var last])
            return;
        foreach (var node in member.Mean)
            graph.Node.Remove(node);
        member.Softmax.Output[0] = last.Output[0];
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

    /// <summary>Replaces a tensor in the inputs of all nodes.</summary>
    private static void Rename(GraphProto graph, string taken, string instead)
    {
        foreach (var node in graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == taken)
                    node.Input[i] = instead;
    }

    /// <summary>Height of the image that a node slices out.</summary>
    private static int LengthOf(GraphProto graph, NodeProto slice)
    {
        var bounds = slice.Input.Skip(1).Take(2).Select(name => graph.Initializer.FirstOrDefault(weights => weights.Name == name)?.RawData)
            .Select(data => data is { Length: >= sizeof(long) } ? MemoryMarshal.Read<long>(data.Span) : -1).ToArray();
        return bounds is [>= 0 and var start, var end] && end - start is > 0 and <= FaceResampler.Side and var length ? (int)length
            : throw new InvalidDataException($"{slice.Name} doesn't slice a face");
    }
}
