namespace FerMl.Onnx;

/// <summary>A network's normalization of pixel values: it subtracts the mean, then divides or multiplies by a constant.</summary>
/// <param name="Center">Subtracts the mean from the network's input.</param>
/// <param name="Scale">Divides (Div) or multiplies (Mul) by the constant.</param>
internal sealed record PixelNormalization(NodeProto Center, NodeProto Scale)
{
    /// <summary>Tensor name of the normalized pixel values.</summary>
    public string Normalized => Scale.Output[0];

    /// <summary>The normalizations of a graph: one per network in it, none where it is quantized.</summary>
    public static IReadOnlyList<PixelNormalization> In(GraphProto graph)
    {
        var pixels = graph.Input.Select(input => input.Name).ToHashSet();
        var centers = graph.Node.Where(node => node is { OpType: "Sub", Input: [var input, _], Output: [_] } && pixels.Contains(input))
            .DistinctBy(node => node.Output[0]).ToDictionary(node => node.Output[0]);
        return [.. graph.Node.Where(node => node is { OpType: "Div" or "Mul", Input: [var centered, _], Output: [_] }
            && centers.ContainsKey(centered)).Select(node => new PixelNormalization(centers[node.Input[0]], node))];
    }

    /// <summary>The mean, and the factor that the centered values are multiplied by.</summary>
    /// <exception cref="InvalidDataException">They aren't constants.</exception>
    public (float Mean, float Factor) Read(OnnxConstants constants)
    {
        var constant = constants.Number(Scale.Input[1]);
        return (constants.Number(Center.Input[1]), Scale.OpType == "Div" ? 1 / constant : constant);
    }
}
