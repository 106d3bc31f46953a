using System.Runtime.InteropServices;
using FerMl.Onnx;
using Google.Protobuf;

namespace FerMl.Tests;

/// <summary>A network of allowed operators that can't score some faces.</summary>
internal static class FaultyNetwork
{
    private const int FloatType = 1;

    /// <summary>A copy of <c>fer7-fast</c> whose scores are NaN for faces with a mean pixel value above 200.</summary>
    public static byte[] FailingForBrightFaces()
    {
        var model = ModelProto.Parser.ParseFrom(EmotionModel.LoadPretrained(PretrainedModel.SevenFast).Onnx.Span);
        var graph = model.Graph;
        var member = ClassifierGraph.Read(model).Members[0];
        var (dense, views) = (member.Dense!, member.Views);
        var logits = dense.Output[0];
        dense.Output[0] = "faulty/logits";
        var at = graph.Node.IndexOf(dense) + 1;
        // Relu(mean - 200) * 1e38 * 1e38: 0 or infinity, which the softmax turns into NaN.
        Add("ReduceMean", ["Pixels"], "faulty/mean", new AttributeProto
        {
            Name = "axes",
            Ints = { 1, 2, 3 },
            Type = AttributeProto.Types.Kind.Ints,
        });
        Add("Flatten", ["faulty/mean"], "faulty/flat");
        Add("Concat", [.. Enumerable.Repeat("faulty/flat", views)], "faulty/views", new AttributeProto
        {
            Name = "axis",
            I = 0,
            Type = AttributeProto.Types.Kind.Int,
        });
        Add("Sub", ["faulty/views", Number("faulty/limit", 200)], "faulty/above");
        Add("Relu", ["faulty/above"], "faulty/bright");
        Add("Mul", ["faulty/bright", Number("faulty/large", 1e38f)], "faulty/larger");
        Add("Mul", ["faulty/larger", "faulty/large"], "faulty/largest");
        Add("Add", ["faulty/logits", "faulty/largest"], logits);
        return model.ToByteArray();

        void Add(string operation, string[] inputs, string output, params AttributeProto[] attributes)
        {
            var node = new NodeProto { OpType = operation, Name = $"{output}_node", Input = { inputs }, Output = { output } };
            node.Attribute.Add(attributes);
            graph.Node.Insert(at++, node);
        }

        string Number(string name, float value)
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
    }
}
