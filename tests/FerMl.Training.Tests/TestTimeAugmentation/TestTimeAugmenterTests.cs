using System.Runtime.InteropServices;
using FerMl.Tests;
using FerMl.Training.Onnx;
using Google.Protobuf;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class TestTimeAugmenterTests : FolderTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(70, seed: 62);

    [Test]
    public void Change_FromAnyViewsToAnyOthers_GivesWhatIsExportedWithThose(
        [Values] TestTimeAugmentation from, [Values] TestTimeAugmentation to, [Values(48, 40, 24)] int crop)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(5);
        using var network = new FaceNetwork(NetworkPreset.Fast.Network(default), 7, mean: 129, standardDeviation: 65);
        network.eval();
        var pixels = tensor(Faces.Samples.SelectMany(face => face.Pixels.ToArray(), (_, level) => (float)level).ToArray());
        OnnxExporterTests.SpreadScores(network, NetworkScores.Apply(pixels.view(Faces.Count, 1, 48, 48), AugmentedView.Center(crop)));
        var (former, wanted) = (Export(from), Export(to));
        var changed = OnnxBytes.ChangeViews(former, to);
        Assert.That(Scores(changed), Is.EqualTo(Scores(wanted)).Within(1e-6));
        Assert.That(OnnxFile.Parse(changed).Graph.Node, Has.Count.EqualTo(OnnxFile.Parse(wanted).Graph.Node.Count), "no unused nodes");
        Assert.That(OnnxFile.Parse(changed).Graph.Initializer.Select(weights => weights.Name),
            Is.Unique.And.Exactly(OnnxFile.Parse(wanted).Graph.Initializer.Count).Items);
        Assert.That(Scores(OnnxBytes.ChangeViews(changed, from)), Is.EqualTo(Scores(former)).Within(1e-6), "and back");

        byte[] Export(TestTimeAugmentation views) => OnnxTemperature.Scale(
            OnnxExporter.Export(network, EmotionTask.Seven.Labels, views, WeightFormat.Float16, crop), 0.7);
    }

    [Test]
    public void Change_OfAnEnsemble_ChangesEachMember()
    {
        var (fast, other) = (EmotionModel.LoadPretrained(PretrainedModel.SevenFast), EmotionModel.LoadPretrained(PretrainedModel.Seven));
        byte[] Fast(TestTimeAugmentation views) => OnnxBytes.ChangeViews(fast.TrainedOnnx, views);
        byte[] Other(TestTimeAugmentation views) => OnnxBytes.ChangeViews(other.TrainedOnnx, views);
        byte[] Both(byte[] one, byte[] two) => OnnxEnsemble.Merge([one, two], fast.Labels);
        var mixed = Both(Fast(TestTimeAugmentation.None), Both(Other(TestTimeAugmentation.FiveCrop), Fast(TestTimeAugmentation.Flip)));
        var flip = Both(Fast(TestTimeAugmentation.Flip), Both(Other(TestTimeAugmentation.Flip), Fast(TestTimeAugmentation.Flip)));
        Assert.That(Scores(OnnxBytes.ChangeViews(mixed, TestTimeAugmentation.Flip)), Is.EqualTo(Scores(flip)).Within(1e-5));
        Assert.That(Scores(mixed), Is.Not.EqualTo(Scores(flip)).Within(1e-3));
    }

    [Test]
    public void Change_OfAnEnsembleOfTwoSizes_KeepsEachMembersSize()
    {
        using var network = new FaceNetwork(NetworkPreset.Fast.Network(default), 7, mean: 129, standardDeviation: 65);
        network.eval();
        byte[] Both(TestTimeAugmentation views) => OnnxEnsemble.Merge(
            [.. new[] { 48, 40 }.Select(crop => (ReadOnlyMemory<byte>)OnnxExporter.Export(
                network, EmotionTask.Seven.Labels, views, cropSize: crop))], EmotionTask.Seven.Labels);
        Assert.That(Sliced(OnnxBytes.ChangeViews(Both(TestTimeAugmentation.None), TestTimeAugmentation.FiveCrop)),
            Is.EqualTo(Sliced(Both(TestTimeAugmentation.FiveCrop))));

        // Where each crop begins and ends.
        static long[][] Sliced(byte[] onnx)
        {
            var graph = OnnxFile.Parse(onnx).Graph;
            return [.. graph.Node.Where(node => node.OpType == "Slice").SelectMany(node => node.Input.Skip(1).Take(2))
                .Select(name => MemoryMarshal.Cast<byte, long>(graph.Initializer.Single(weights => weights.Name == name).RawData.Span)
                    .ToArray())];
        }
    }

    /// <summary>A model after one epoch, calibrated on its validation faces.</summary>
    private EmotionModel Calibrated() => EmotionModel.Load(TrainingRun.Execute(new TrainingRunOptions
    {
        Dataset = TrainingData.Faces,
        Preset = NetworkPreset.Tiny,
        Training = TrainingData.Quick with { Epochs = 1, ValidationFraction = 0.2 },
        OutputFolder = Folder.Path("run"),
    }).ModelPath);

    [Test]
    public void Save_GivesAModelWithTheseViews_ItsTemperatureFittedAgain()
    {
        var model = Calibrated();
        var views = OnnxBytes.ChangeViews(model.Onnx, TestTimeAugmentation.Zoom);

        var card = TestTimeAugmenter.Save(model, TestTimeAugmentation.Zoom, null, Folder.Path("as-it-is.zip"));
        var saved = EmotionModel.Load(Folder.Path("as-it-is.zip"));
        Assert.That(saved.Onnx.ToArray(), Is.EqualTo(views));
        Assert.That((saved.Card!.TestTimeAugmentation, saved.HasTrained), Is.EqualTo(("Zoom", false)));
        Assert.That(card.Calibration, Is.EqualTo(model.Card!.Calibration));
        Assert.That(saved.Card.HeldOut, Is.EqualTo(model.Card.HeldOut).And.Not.Empty);

        ModelEnsemble.Save([model, saved], Folder.Path("both.zip"));
        card = TestTimeAugmenter.Save(
            EmotionModel.Load(Folder.Path("both.zip")), TestTimeAugmentation.FiveCrop, null, Folder.Path("both-of-five.zip"));
        Assert.That(card.Members.Select(member => member.TestTimeAugmentation), Is.EqualTo(new[] { "FiveCrop", "FiveCrop" }));

        card = TestTimeAugmenter.Save(model, TestTimeAugmentation.Zoom, TrainingData.Faces, Folder.Path("fitted.zip"));
        var fitted = card.Calibration!.Temperature / model.Card.Calibration!.Temperature;
        Assert.That(fitted, Is.Not.EqualTo(1).Within(1e-4));
        Assert.That(Scores(EmotionModel.Load(Folder.Path("fitted.zip")).Onnx), Is.EqualTo(Scores(OnnxTemperature.Scale(views, fitted)))
            .Within(1e-6));
        Assert.That(() => TestTimeAugmenter.Save(model, TestTimeAugmentation.Zoom, null, Folder.Path("fitted.zip")),
            Throws.TypeOf<IOException>());
        Assert.That(() => TestTimeAugmenter.Save(model, (TestTimeAugmentation)9, null, Folder.Path("x.zip")),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Save_OfAModelInInt8_GivesOneInInt8()
    {
        var fast = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
        Assert.That(() => TestTimeAugmenter.Save(fast, TestTimeAugmentation.FiveCrop, null, Folder.Path("x.zip")),
            Throws.ArgumentException.With.Message.Contains("give the data that it was trained on"));
        TestTimeAugmenter.Save(fast, TestTimeAugmentation.FiveCrop, Faces, Folder.Path("five.zip"));
        var five = EmotionModel.Load(Folder.Path("five.zip"));
        Assert.That(OnnxFile.IsInt8(five.Onnx) && !OnnxFile.IsInt8(five.TrainedOnnx));
        Assert.That(five.Card!.TestTimeAugmentation, Is.EqualTo("FiveCrop"));
        Assert.That(Scores(five.TrainedOnnx),
            Is.EqualTo(Scores(OnnxBytes.ChangeViews(fast.TrainedOnnx, TestTimeAugmentation.FiveCrop))).Within(1e-6));
        Assert.That(Scores(five.Onnx).Zip(Scores(five.TrainedOnnx), (whole, real) => Math.Abs(whole - real)).Average(), Is.LessThan(0.01));

        // An ensemble of int8 models has no trained network to start from; its members do.
        ModelEnsemble.Save([fast, fast], Folder.Path("both.zip"));
        var both = EmotionModel.Load(Folder.Path("both.zip"));
        Assert.That(() => TestTimeAugmenter.Save(both, TestTimeAugmentation.Flip, Faces, Folder.Path("y.zip")),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("change the test-time augmentation of the models"));
    }

    [Test]
    public void Change_IntoInt8_KeepsTheCalibrationErrorBeforeAnyFit()
    {
        var model = Calibrated();
        var (floats, whole) = (Calibration(false), Calibration(true));
        Assert.That(whole.ErrorBefore, Is.EqualTo(floats.ErrorBefore));
        Assert.That(whole.Temperature, Is.Not.EqualTo(floats.Temperature));

        ModelCalibration Calibration(bool isInt8) =>
            TestTimeAugmenter.Change(model, TestTimeAugmentation.Flip, TrainingData.Faces, isInt8).Card.Calibration!;
    }

    [Test]
    public void Change_WhatFerMlDoesNotWrite_IsSaid()
    {
        var fast = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
        var views = OnnxBytes.ChangeViews(fast.TrainedOnnx, TestTimeAugmentation.FiveCrop);
        foreach (var (said, change) in new (string, Action<GraphProto>)[]
        {
            ("has no softmax", graph => graph.Node.Remove(Node(graph, "Softmax"))),
            ("isn't a network that FerMl writes", graph => graph.Node.Remove(Node(graph, "Sub"))),
            ("are split, but not averaged", graph => Node(graph, "Sum").OpType = "Max"),
            ("are split, but not averaged", graph => Node(graph, "Mul").Input.Clear()),
            ("doesn't slice a face", graph =>
            {
                Node(graph, "Concat").Input[0] = Node(graph, "Slice").Output[0];
                Node(graph, "Slice").Input[2] = "nowhere";
            }),
        })
        {
            var model = OnnxFile.Parse(views);
            change(model.Graph);
            Assert.That(() => OnnxBytes.ChangeViews(model.ToByteArray(), TestTimeAugmentation.None),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains(said));
        }
        Assert.That(() => OnnxBytes.ChangeViews(views, TestTimeAugmentation.None), Throws.Nothing);

        static NodeProto Node(GraphProto graph, string operation) => graph.Node.First(node => node.OpType == operation);
    }

    private static float[] Scores(ReadOnlyMemory<byte> onnx)
    {
        using var network = EmotionNetwork.Open(onnx.ToArray(), "network");
        return network.Score([.. Faces.Samples.SelectMany(face => face.Pixels.ToArray(), (_, level) => (float)level)], Faces.Count);
    }
}
