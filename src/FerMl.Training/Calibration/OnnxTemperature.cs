using FerMl.Training.Onnx;
using Google.Protobuf;

namespace FerMl.Training;

/// <summary>
/// The temperatures in a network that <see cref="OnnxExporter"/> or <see cref="OnnxEnsemble"/> wrote: one before each softmax.
/// </summary>
internal static class OnnxTemperature
{
    private const int FloatType = 1;

    /// <summary>A softmax of a network.</summary>
    /// <param name="Node">The softmax.</param>
    /// <param name="Division">The division by the temperature before it, or null where there is none.</param>
    /// <param name="Value">The temperature, 1 where there is none.</param>
    public sealed record Place(NodeProto Node, NodeProto? Division, float Value)
    {
        /// <summary>Name of the logits that are divided.</summary>
        public string Logits => (Division ?? Node).Input[0];
    }

    /// <summary>Where temperatures are or belong, in the order of the graph.</summary>
    /// <exception cref="InvalidDataException">The network has no softmax, or divides by something else than a number before it.</exception>
    public static IReadOnlyList<Place> Find(GraphProto graph)
    {
        var producers = graph.Node.SelectMany(node => node.Output.Where(output => output.Length > 0).Select(output => (output, node)))
            .ToDictionary(pair => pair.output, pair => pair.node);
        var places = graph.Node.Where(node => node.OpType == "Softmax").Select(node =>
        {
            if (!producers.TryGetValue(node.Input[0], out var before) || before.OpType != "Div")
                return new Place(node, null, 1);
            var divisor = graph.Initializer.FirstOrDefault(weights => weights.Name == before.Input[1]);
            return divisor is { DataType: FloatType, RawData.Length: sizeof(float) }
                ? new Place(node, before, BitConverter.ToSingle(divisor.RawData.Span))
                : throw new InvalidDataException("it divides by something else than a temperature before its softmax");
        }).ToArray();
        return places.Length > 0 ? places : throw new InvalidDataException("it has no softmax");
    }

    /// <summary>A copy of a network whose temperatures are multiplied by a factor.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="factor">The factor, above 0.</param>
    public static byte[] Scale(ReadOnlyMemory<byte> onnx, double factor)
    {
        var model = OnnxFile.Parse(onnx);
        var graph = model.Graph;
        foreach (var (place, number) in Find(graph).Select((place, number) => (place, number)))
        {
            var weights = new TensorProto
            {
                Name = $"temperature_{number}",
                DataType = FloatType,
                Dims = { 1 },
                RawData = ByteString.CopyFrom(BitConverter.GetBytes((float)(place.Value * factor))),
            };
            if (place.Division is { } division)
            {
                // The number in place of the former one, under its name.
                weights.Name = division.Input[1];
                graph.Initializer.Remove(graph.Initializer.First(former => former.Name == weights.Name));
            }
            else
            {
                var divided = new NodeProto
                {
                    OpType = "Div",
                    Name = $"temperature_node_{number}",
                    Input = { place.Logits, weights.Name },
                    Output = { $"tempered_{number}" },
                };
                graph.Node.Insert(graph.Node.IndexOf(place.Node), divided);
                place.Node.Input[0] = divided.Output[0];
            }
            graph.Initializer.Add(weights);
        }
        return model.ToByteArray();
    }
}
