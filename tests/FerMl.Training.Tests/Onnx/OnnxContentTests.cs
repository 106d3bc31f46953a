using FerMl.Training.Onnx;
using Google.Protobuf;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

/// <summary>Networks that were tampered with.</summary>
public class OnnxContentTests
{
    private static readonly Lazy<byte[]> Whole = new(() =>
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(NetworkPreset.Tiny.Network(default), 7, 129, 65);
        return OnnxExporter.Export(network, EmotionTask.Seven.Labels, TestTimeAugmentation.TenCrop, WeightFormat.Float16);
    });

    private static readonly (string Says, Action<ModelProto> Change)[] Refused =
    [
        ("another file", model => External(model.Graph.Initializer[0])),
        ("another file", model => External(model.Graph.Node.First(node => node.OpType == "Constant").Attribute[0].T)),
        // Fields that FerMl's ONNX schema lacks, by number: the data location alone, functions, training steps.
        ("another file", model => model.Graph.Initializer[1].MergeFrom([14 << 3, 1])),
        ("functions", model => model.MergeFrom([(25 << 3 | 2) & 0x7F | 0x80, 25 << 3 >> 7, 0])),
        ("training steps", model => model.MergeFrom([(20 << 3 | 2) & 0x7F | 0x80, 20 << 3 >> 7, 0])),
        ("'Loop'", model => model.Graph.Node.Add(new NodeProto { OpType = "Loop" })),
        ("''", model => model.Graph.Node.Add(new NodeProto())),
        ("'RandomNormal'", model => model.Graph.Node.Add(new NodeProto { OpType = "RandomNormal" })),
        ("'com'", model => model.Graph.Node[0].MergeFrom([7 << 3 | 2, 3, (byte)'c', (byte)'o', (byte)'m'])),
        ("'Sqrt?[31m'", model => model.Graph.Node.Add(new NodeProto { OpType = "Sqrt\u001b[31m" })),
        ("computes with integers", model => Integers(model, "Div")),
        ("casts numbers to integers", model => model.Graph.Node.Insert(0, Cast(to: 6))),
        ("computes only with constants", model => model.Graph.Node.Insert(0, Padding(model.Graph.Initializer[0].Name))),
        ("which isn't defined before it", model => model.Graph.Node[^1].Input[0] = "absent"),
        ("no FerMl network has", model => model.Graph.MergeFrom([5 << 3, 1])),
        ("an operator with a subgraph", model => model.Graph.Node[0].Attribute.Add(AttributeProto.Parser.ParseFrom([6 << 3 | 2, 0]))),
    ];

    /// <summary>Adds an integer operator: int.MinValue divided by -1 would end the process.</summary>
    private static void Integers(ModelProto model, string operation)
    {
        foreach (var (name, value) in ((string, int)[])[("least", int.MinValue), ("minus one", -1)])
            model.Graph.Initializer.Add(new TensorProto
            {
                Name = name,
                DataType = 6,
                Dims = { 1 },
                RawData = ByteString.CopyFrom(BitConverter.GetBytes(value)),
            });
        model.Graph.Node.Add(new NodeProto { OpType = operation, Input = { "least", "minus one" }, Output = { "ended" } });
    }

    private static NodeProto Cast(int to) => new()
    {
        OpType = "Cast",
        Input = { EmotionNetwork.InputName },
        Output = { "cast" },
        Attribute = { new AttributeProto { Name = "to", I = to, Type = AttributeProto.Types.Kind.Int } },
    };

    private static NodeProto Padding(string constant) => new() { OpType = "Pad", Input = { constant, constant }, Output = { "large" } };

    [Test]
    public void Checked_WhatOneReaderSkipsAndAnotherReads_IsRefused()
    {
        // The graph's field again with another wire type, which some readers skip.
        byte[] disguised = [7 << 3, 0, .. Whole.Value];
        Assert.That(() => OnnxContent.Checked(disguised, "disguised"), Throws.TypeOf<EmotionModelException>()
            .With.Message.Contains("no FerMl network has"));
        // Two graphs, of which some readers use the first and others both.
        var second = new ModelProto { Graph = new GraphProto { Name = "second" } };
        Assert.That(() => OnnxContent.Checked([.. Whole.Value, .. second.ToByteArray()], "doubled"),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("parts twice"));
        Assert.That(OnnxContent.Checked(Whole.Value, "whole"), Is.EqualTo(Whole.Value), "what FerMl writes is unchanged");
    }

    [Test]
    public void Work_OfPretrainedModels_IsWhatTheirCardsSay([Values] PretrainedModel pretrained)
    {
        var model = EmotionModel.LoadPretrained(pretrained);
        foreach (var onnx in (ReadOnlyMemory<byte>[])[model.Onnx, model.TrainedOnnx])
        {
            var (multiplyAdds, bytes) = OnnxWork.Check(OnnxFile.Parse(onnx).Graph);
            TestContext.Out.WriteLine($"{pretrained}: {multiplyAdds / 1e6:F0} million MACs, {bytes / 1e6:F0} MB");
            const int views = 3;
            Assert.That(multiplyAdds / views, Is.EqualTo(model.Card!.MultiplyAdds).Within(15).Percent);
            Assert.That(bytes, Is.LessThan(200e6));
        }
    }

    [TestCase("MaxPool", "billion MACs per face")]
    [TestCase("Resize", "GB per face")]
    [TestCase("Pad", "GB per face")]
    public void Open_NetworkOfTooMuchWork_IsRefusedUnrun(string operation, string says)
    {
        var graph = new OnnxGraph();
        graph.Input(EmotionNetwork.InputName, -1, 1, FaceResampler.Side, FaceResampler.Side);
        var large = operation switch
        {
            "Pad" => graph.Node("Pad", [EmotionNetwork.InputName, graph.Integers(0, 0, 16_000, 16_000, 0, 0, 16_000, 16_000)]),
            "Resize" => graph.Node("Resize", [EmotionNetwork.InputName, "", graph.Floats([1, 1, 1_000, 1_000], 4)]),
            // A 1001x1001 window over a 1920x1920 image: 3.7 trillion operations.
            _ => graph.Node("MaxPool",
                [graph.Node("Resize", [EmotionNetwork.InputName, "", graph.Floats([1, 1, 40, 40], 4)])], null,
                ("kernel_shape", (int[])[1_001, 1_001]), ("pads", (int[])[500, 500, 500, 500])),
        };
        var mean = graph.Node("ReduceMean", [large], null, ("axes", new[] { 2, 3 }), ("keepdims", 0));
        graph.Finish(graph.Node("Softmax", [graph.Node("Mul", [mean, graph.Floats([1, 2, 3], 1, 3)])], EmotionNetwork.ScoreName), 3);
        var onnx = graph.ToModel(new Dictionary<string, string> { [EmotionNetwork.LabelsKey] = "[\"a\",\"b\",\"c\"]" });
        Assert.That(() => EmotionNetwork.Open(onnx, "large.zip"), Throws.TypeOf<EmotionModelException>()
            .With.Message.StartsWith("large.zip: the network in it is rejected").And.Message.Contains(says));
    }

    [TestCase(5f, -3f, -1f)]
    [TestCase(0f, 0f, 0f)]
    [TestCase(1e37f, 0f, 0f)]
    public void Score_NoProbabilities_IsAnError(params float[] scores)
    {
        var graph = new OnnxGraph();
        graph.Input(EmotionNetwork.InputName, -1, 1, FaceResampler.Side, FaceResampler.Side);
        var mean = graph.Node("ReduceMean", [EmotionNetwork.InputName], null, ("axes", new[] { 2, 3 }), ("keepdims", 0));
        var none = graph.Node("Mul", [mean, graph.Floats([0, 0, 0], 1, 3)]);
        graph.Finish(graph.Node("Add", [none, graph.Floats(scores, 1, 3)], EmotionNetwork.ScoreName), 3);
        var onnx = graph.ToModel(new Dictionary<string, string> { [EmotionNetwork.LabelsKey] = "[\"a\",\"b\",\"c\"]" });
        Assert.That(() => EmotionNetwork.Open(onnx, "wrong.zip"),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("not probabilities"));
    }

    [TestCase(201, 5)]
    [TestCase(3, 10_000_000)]
    [TestCase(3, 101)]
    public void Open_TooManyLabelsOrTooLongOnes_IsRefused(int count, int length)
    {
        var model = ModelProto.Parser.ParseFrom(Whole.Value);
        var labels = Enumerable.Range(0, count).Select(i => $"{i}".PadLeft(length, 'x'));
        model.MetadataProps.Single(entry => entry.Key == EmotionNetwork.LabelsKey).Value =
            System.Text.Json.JsonSerializer.Serialize(labels);
        Assert.That(() => EmotionNetwork.Open(model.ToByteArray(), "long.zip"),
            Throws.TypeOf<EmotionModelException>().With.Message.EqualTo(
                "long.zip: the network in it names more than 200 labels, or one of more than 100 characters."));
    }

    [Test]
    public void Open_WhatFerMlExports_IsRun() => Assert.That(() => EmotionNetwork.Open(Whole.Value, "whole").Dispose(), Throws.Nothing);

    [Test]
    public void Open_WhatNoNetworkOfFerMlsHas_IsRefusedUnrun()
    {
        foreach (var (says, change) in Refused)
        {
            var model = ModelProto.Parser.ParseFrom(Whole.Value);
            change(model);
            Assert.That(() => EmotionNetwork.Open(model.ToByteArray(), "changed.zip"),
                Throws.TypeOf<EmotionModelException>().With.Message.StartsWith("changed.zip: the network in it is rejected")
                    .And.Message.Contains(says));
        }
    }

    [Test]
    public void Open_AnyByteChanged_OpensOrIsRefusedWithAReason()
    {
        var random = new Random(4);
        for (var i = 0; i < 300; i++)
        {
            var changed = (byte[])Whole.Value.Clone();
            for (var k = 0; k < 1 + i % 4; k++)
                changed[random.Next(Math.Min(changed.Length, i % 2 == 0 ? 3_000 : changed.Length))] = (byte)random.Next(256);
            try
            {
                OnnxContent.Checked(changed, "changed");
            }
            catch (EmotionModelException e)
            {
                Assert.That(e.Message, Does.StartWith("changed: "));
            }
        }
    }

    [TestCase(18_000)]
    [TestCase(40_000)]
    [TestCase(2_000_000_000)]
    public void Open_NetworkThatWantsGigabytes_IsRefused(long margin)
    {
        var before = Environment.WorkingSet;
        Assert.That(() => EmotionNetwork.Open(Padded(margin), "large.zip"),
            Throws.TypeOf<EmotionModelException>().With.Message.StartsWith("large.zip: the network in it is rejected"));
        Assert.That(Environment.WorkingSet - before, Is.LessThan(1L << 30));
    }

    [Test]
    public void Open_NetworkThatPadsALittle_IsRun() => Assert.That(
        () => EmotionNetwork.Open(Padded(8), "small.zip").Dispose(), Throws.Nothing);

    /// <summary>A network that pads faces by a margin in pixels.</summary>
    private static byte[] Padded(long margin)
    {
        var graph = new OnnxGraph();
        graph.Input(EmotionNetwork.InputName, -1, 1, FaceResampler.Side, FaceResampler.Side);
        var padded = graph.Node("Pad", [EmotionNetwork.InputName, graph.Integers(0, 0, margin, margin, 0, 0, margin, margin)]);
        var mean = graph.Node("ReduceMean", [padded], null, ("axes", new[] { 2, 3 }), ("keepdims", 0));
        var scores = graph.Node("Softmax", [graph.Node("Mul", [mean, graph.Floats([1, 2, 3], 1, 3)])], EmotionNetwork.ScoreName);
        graph.Finish(scores, 3);
        return graph.ToModel(new Dictionary<string, string> { [EmotionNetwork.LabelsKey] = "[\"a\",\"b\",\"c\"]" });
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Score_NoNumbers_IsAnError(float factor)
    {
        var model = ModelProto.Parser.ParseFrom(Whole.Value);
        var name = model.Graph.Node.Last(node => node.OpType == "Mul").Input[1];
        model.Graph.Initializer.Single(weights => weights.Name == name).RawData = ByteString.CopyFrom(BitConverter.GetBytes(factor));
        using var network = EmotionNetwork.Open(model.ToByteArray(), "wild.zip", isTried: true);
        var real = TrainingData.Faces[0].Pixels.ToArray().Select(level => (float)level).ToArray();
        Assert.That(() => network.Score(real, 1),
            Throws.TypeOf<EmotionModelException>().With.Message.StartsWith("wild.zip").And.Message.Contains("NaN"));
    }

    [Test]
    public void Score_FacesThatTheNetworkCantTake_IsAnErrorOfOurs()
    {
        var model = ModelProto.Parser.ParseFrom(Whole.Value);
        // The fixed shape fits one face's ten views, but not those of two faces.
        var reshape = model.Graph.Node.First(node => node.OpType == "Reshape");
        var shape = model.Graph.Initializer.Single(weights => weights.Name == reshape.Input[1]);
        var fixedBatch = new long[] { 10, 32, 36 };
        shape.RawData = ByteString.CopyFrom(fixedBatch.SelectMany(BitConverter.GetBytes).ToArray());
        using var network = EmotionNetwork.Open(model.ToByteArray(), "one.zip");
        Assert.That(() => network.Score(new float[2 * 2304], 2),
            Throws.TypeOf<EmotionModelException>().With.Message.StartsWith("one.zip: the network in it can't score 2 faces"));
    }

    private static void External(TensorProto weights)
    {
        weights.RawData = ByteString.Empty;
        // Field 13 (external_data) lists where the data is.
        var where = new StringStringEntryProto { Key = "location", Value = "secret.txt" }.ToByteArray();
        weights.MergeFrom([13 << 3 | 2, (byte)where.Length, .. where]);
    }
}
