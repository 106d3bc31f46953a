namespace FerMl.Training;

/// <summary>Writes temperatures into a network: one before each softmax.</summary>
internal static class OnnxTemperature
{
    /// <summary>Returns a copy of a network with its temperatures multiplied by a factor.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="factor">The factor, above 0.</param>
    /// <exception cref="InvalidDataException">The network isn't one that FerMl writes.</exception>
    public static byte[] Scale(ReadOnlyMemory<byte> onnx, double factor)
    {
        var graph = ClassifierGraph.Parse(onnx);
        Scale(graph, factor);
        return graph.ToByteArray();
    }

    /// <summary>Multiplies the temperatures of a network by a factor, in place.</summary>
    /// <param name="graph">The network, changed in place; use the returned one afterwards.</param>
    /// <param name="factor">The factor, above 0.</param>
    /// <returns>The network with its temperatures.</returns>
    public static ClassifierGraph Scale(ClassifierGraph graph, double factor)
    {
        foreach (var (number, member) in graph.Members.Index())
        {
            var temperature = (float)(member.Temperature * factor);
            if (member.Division is { } division)
            {
                graph.Constants.Replace(division.Input[1], temperature);
                continue;
            }
            var divided = new NodeProto
            {
                OpType = "Div",
                Name = $"temperature_node_{number}",
                Input = { member.Logits, graph.Constants.Add($"temperature_{number}", [temperature], 1) },
                Output = { $"tempered_{number}" },
            };
            graph.Graph.Node.Insert(graph.Graph.Node.IndexOf(member.Softmax), divided);
            member.Softmax.Input[0] = divided.Output[0];
        }
        return graph.Reread();
    }
}
