using FerMl.Tests;
using FerMl.Training.Onnx;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class ModelQuantizerTests : FolderTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(140, seed: 61);
    private static readonly byte[][] Measured = [.. Faces.Samples.Select(face => face.Pixels.ToArray())];

    /// <summary>The small pretrained model's network as it was trained, before its quantization to int8.</summary>
    private static readonly Lazy<byte[]> Trained = new(() => EmotionModel.LoadPretrained(PretrainedModel.SevenFast).TrainedOnnx.ToArray());

    [Test]
    public void Quantize_EveryKindOfNetwork_ScoresNearlyTheSame_InInt8(
        [ValueSource(typeof(OnnxExporterTests), nameof(OnnxExporterTests.Networks))] NetworkDefinition definition)
    {
        var exported = Export(definition, TestTimeAugmentation.Flip);
        var quantized = OnnxBytes.Quantize(exported, Measured);
        AreNear(exported, quantized, 0.08);
        AllConvolutionsComputeInInt8(quantized);
        Assert.That(OnnxFile.Parse(quantized).Graph.Node.Select(node => node.OpType), Has.None.EqualTo("BatchNormalization")
            .And.None.EqualTo("Sub"), "folded");
    }

    [Test]
    public void Quantize_EveryWayToSeeAFace_ScoresNearlyTheSame([Values] TestTimeAugmentation views)
    {
        var exported = Export(NetworkPreset.Fast.Network(default), views);
        AreNear(exported, OnnxBytes.Quantize(exported, Measured), 0.08);
    }

    [Test]
    public void Quantize_ATrainedNetwork_TellsTheSameEmotions()
    {
        var quantized = OnnxBytes.Quantize(Trained.Value, Measured);
        var (before, after) = (Labels(Trained.Value), Labels(quantized));
        Assert.That(before.Zip(after).Count(pair => pair.First == pair.Second), Is.AtLeast(136));
        Assert.That(quantized, Has.Length.LessThan(0.65 * Trained.Value.Length));
    }

    [Test]
    public void Quantize_AnEnsemble_MakesAllItsMembersComputeInInt8()
    {
        string[] labels = [.. EmotionTask.Seven.Labels];
        var both = OnnxEnsemble.Merge([Trained.Value, Export(NetworkPreset.Tiny.Network(default), TestTimeAugmentation.Flip)], labels);
        var quantized = OnnxBytes.Quantize(both, Measured);
        AreNear(both, quantized, 0.08);
        AllConvolutionsComputeInInt8(quantized);
    }

    /// <summary>The sum of two products must fit into 16 bits: see <see cref="OnnxInt8"/>.</summary>
    [Test]
    public void Quantize_Weights_AreOfSevenBits_AndReachTheirEnds()
    {
        var weights = OnnxFile.Parse(OnnxBytes.Quantize(Trained.Value, Measured)).Graph.Initializer
            .Where(tensor => tensor.DataType == 3).SelectMany(tensor => tensor.RawData.Select(value => (int)(sbyte)value)).ToArray();
        Assert.That(weights, Is.Not.Empty);
        Assert.That((weights.Min(), weights.Max()), Is.EqualTo((-64, 64)));
    }

    [Test]
    public void Quantize_WhatIsInInt8AndNothingElse_IsRefused() => Assert.That(
        () => OnnxBytes.Quantize(OnnxBytes.Quantize(Trained.Value, Measured), Measured),
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("it computes in int8 already"));

    [Test]
    public void Fit_WithInt8_GivesAModelThatComputesInInt8_AndTrainingsBeginWithTheTrainedOne()
    {
        var options = TrainingData.Quick with { Epochs = 1, ValidationFraction = 0.2, WeightFormat = WeightFormat.Int8 };
        var run = Train(options, "int8");
        Assert.That(run.Card.Quantization, Is.EqualTo(new ModelQuantization(256)));
        var model = EmotionModel.Load(run.ModelPath);
        AllConvolutionsComputeInInt8(model.Onnx.ToArray());
        Assert.That(model.Card!.Quantization, Is.EqualTo(run.Card.Quantization));

        var floats = options with { WeightFormat = WeightFormat.Float16, Calibrate = false };
        var alike = OnnxTemperature.Scale(EmotionModel.Load(Train(floats, "float").ModelPath).Onnx, model.Card.Calibration!.Temperature);
        Assert.That(model.TrainedOnnx.ToArray(), Is.EqualTo(alike));
        using var further = TrainingData.Fit(floats with { InitializeFrom = InitialWeights.FromModel(model) });
        Assert.That(further.CreateCard().HeldOut, Is.EquivalentTo(model.Card.HeldOut));

        // As an ML.NET pipeline, it gives the predictor's scores.
        using var predictor = model.CreatePredictor();
        var scored = model.LoadTransformer(new MLContext()).Transform(new MLContext().Data.LoadFromFerDataset(Faces));
        Assert.That(new MLContext().Data.CreateEnumerable<ScoredFace>(scored, reuseRowObject: false).First().Score,
            Is.EqualTo(predictor.Predict(Faces)[0].Scores.Select(score => score.Score)).Within(1e-6f));
    }

    [Test]
    public void Save_KeepsTheTrainedNetwork_WhichCalibratingKeeps_AndFitsTheTemperatureAgain()
    {
        var run = Train(TrainingData.Quick with { Epochs = 1, ValidationFraction = 0.2 }, "run");
        var model = EmotionModel.Load(run.ModelPath);
        var card = ModelQuantizer.Save(model, TrainingData.Faces, Folder.Path("int8.zip"));
        var saved = EmotionModel.Load(Folder.Path("int8.zip"));
        Assert.That(saved.Card!.Quantization, Is.EqualTo(card.Quantization).And.Not.Null);
        Assert.That(saved.TrainedOnnx.ToArray(), Is.EqualTo(model.Onnx.ToArray()));
        Assert.That(saved.Card.HeldOut, Is.EqualTo(model.Card!.HeldOut));
        Assert.That(saved.Card.Calibration!.Faces, Is.EqualTo(model.Card.HeldOut.Count));
        Assert.That(saved.Card.Calibration.Temperature, Is.EqualTo(model.Card.Calibration!.Temperature).Within(0.1)
            .And.Not.EqualTo(model.Card.Calibration.Temperature));

        // The trained network's temperature changes by the same factor as the int8 network's.
        var calibration = ModelCalibrator.Save(saved, Faces, Folder.Path("calibrated.zip"));
        var calibrated = EmotionModel.Load(Folder.Path("calibrated.zip"));
        Assert.That(calibrated.TrainedOnnx.ToArray(), Is.EqualTo(OnnxTemperature.Scale(
            model.Onnx, calibration.Temperature / saved.Card.Calibration.Temperature)).Using<byte[]>(AreNearlyTheSame));
        Assert.That(ClassifierGraph.Parse(calibrated.TrainedOnnx).Temperature, Is.EqualTo(
            model.Card.Calibration.Temperature * calibration.Temperature / saved.Card.Calibration.Temperature).Within(1e-3));
        Assert.That(calibrated.HasTrained);
        Assert.That(model.TrainedOnnx.ToArray(), Is.EqualTo(model.Onnx.ToArray()), "a model without one returns its own");
        ModelQuantizer.Save(saved, TrainingData.Faces, Folder.Path("again.zip"));
        Assert.That(EmotionModel.Load(Folder.Path("again.zip")).Onnx.ToArray(), Is.EqualTo(saved.Onnx.ToArray()), "quantized again");
        Assert.That(() => ModelQuantizer.Save(model, Faces, Folder.Path("int8.zip")), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void AnEnsembleInInt8_HasNothingElse_AlsoOnceItIsCalibrated()
    {
        var fast = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
        var card = ModelEnsemble.Save([fast, fast], Folder.Path("ensemble.zip"));
        Assert.That(card.Quantization, Is.EqualTo(fast.Card!.Quantization).And.Not.Null);
        ModelCalibrator.Save(EmotionModel.Load(Folder.Path("ensemble.zip")), Faces, Folder.Path("calibrated.zip"));
        Assert.That(EmotionModel.Load(Folder.Path("calibrated.zip")).HasTrained, Is.False);
        Assert.That(() => ModelQuantizer.Save(EmotionModel.Load(Folder.Path("ensemble.zip")), Faces, Folder.Path("again.zip")),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("it computes in int8 already"));
    }

    [Test]
    public void TrainedOnnx_IsLookedThrough_AsTheNetworkThatRunsIs()
    {
        var fast = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
        var looping = OnnxFile.Parse(fast.TrainedOnnx);
        looping.Graph.Node.Add(new NodeProto { OpType = "Loop" });
        foreach (var (said, trained) in new (string, byte[])[]
        {
            ("'Loop'", looping.ToByteArray()), ("is rejected", [1, 2, 3]),
            ("has other labels", EmotionModel.LoadPretrained(PretrainedModel.Three).TrainedOnnx.ToArray()),
        })
        {
            File.Delete(Folder.Path("changed.zip"));
            ModelFile.Save(ModelFile.Scoring(fast.Onnx.ToArray(), fast.Labels), fast.Card!, Folder.Path("changed.zip"), false, trained);
            var changed = EmotionModel.Load(Folder.Path("changed.zip"));
            Assert.That(() => changed.TrainedOnnx, Throws.TypeOf<EmotionModelException>().With.Message.Contains(said));
            Assert.That(() => ModelQuantizer.Save(changed, Faces, Folder.Path("b.zip")), Throws.TypeOf<EmotionModelException>());
        }
    }

    [Test]
    public void Quantize_WhatFerMlDoesNotWrite_IsSaid()
    {
        foreach (var change in (Action<GraphProto>[])[
            graph => Weights(graph, "Sub", 1).Dims.Add(5),
            graph => graph.Node.First(node => node.OpType == "Sub").Input[1] = graph.Node.First(node => node.OpType == "Conv").Input[1],
            graph => graph.Node.First(node => node.OpType == "Conv").Input[1] = graph.Node.First(node => node.OpType == "Sub").Input[1],
            graph => graph.Node.First(node => node.OpType == "BatchNormalization").Input[2] = graph.Node.First(
                node => node.OpType == "Sub").Input[1]])
        {
            var model = OnnxFile.Parse(Trained.Value);
            change(model.Graph);
            Assert.That(() => OnnxBytes.Quantize(model.ToByteArray(), Measured),
                Throws.TypeOf<InvalidDataException>().Or.TypeOf<OnnxRuntimeException>());
        }

        static TensorProto Weights(GraphProto graph, string operation, int input)
        {
            var name = graph.Node.First(node => node.OpType == operation).Input[input];
            return graph.Initializer.First(tensor => tensor.Name == name);
        }
    }

    private static bool AreNearlyTheSame(byte[] one, byte[] other) => one.Length == other.Length
        && one.Zip(other).Count(pair => pair.First != pair.Second) <= 4;

    private TrainingRun Train(EmotionTrainerOptions options, string folder) => TrainingRun.Execute(new TrainingRunOptions
    {
        Dataset = TrainingData.Faces,
        Preset = NetworkPreset.Tiny,
        Training = options,
        OutputFolder = Folder.Path(folder),
    });

    private static byte[] Export(NetworkDefinition definition, TestTimeAugmentation views)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(7);
        using var network = new FaceNetwork(definition, 7, mean: 129.4f, standardDeviation: 65);
        network.eval();
        // Statistics other than 0 and 1, so that errors in folding show.
        foreach (var (name, tensor) in network.state_dict())
            if (name.EndsWith("running_var", StringComparison.Ordinal))
                tensor.uniform_(0.5, 2);
            else if (name.EndsWith("running_mean", StringComparison.Ordinal))
                tensor.normal_(0, 0.2);
        var pixels = tensor(Measured.SelectMany(face => face, (_, level) => (float)level).ToArray(), [Measured.Length, 1, 48, 48]);
        OnnxExporterTests.SpreadScores(network, pixels);
        return OnnxExporter.Export(network, EmotionTask.Seven.Labels, views, WeightFormat.Float16);
    }

    private static void AllConvolutionsComputeInInt8(byte[] onnx)
    {
        var graph = OnnxFile.Parse(onnx).Graph;
        var back = graph.Node.Where(node => node.OpType == "DequantizeLinear").Select(node => node.Output[0]).ToHashSet();
        var convolutions = graph.Node.Where(node => node.OpType == "Conv").ToArray();
        Assert.That(convolutions, Is.Not.Empty);
        Assert.That(convolutions.SelectMany(node => node.Input), Is.SubsetOf(back));
    }

    private static void AreNear(byte[] expected, byte[] actual, double within)
    {
        var (before, after) = (Scores(expected), Scores(actual));
        Assert.That(after, Is.EqualTo(before).Within(within));
        Assert.That(after, Is.Not.EqualTo(before));
        Assert.That(before.Zip(after, (a, b) => Math.Abs(a - b)).Average(), Is.LessThan(within / 4));
        Assert.That(before.Max() - before.Min(), Is.GreaterThan(0.2), "similar scores would hide errors");
    }

    private static string[] Labels(byte[] onnx) =>
        [.. Scores(onnx).Chunk(7).Select(row => EmotionTask.Seven.Labels[Array.IndexOf(row, row.Max())])];

    private static float[] Scores(byte[] onnx)
    {
        using var network = EmotionNetwork.Open(onnx, "network");
        return network.Score([.. Measured.SelectMany(face => face, (_, level) => (float)level)], Measured.Length);
    }

    [Test]
    public void Spread_OfManyFaces_TakesSomeFromEverywhere()
    {
        int[] taken = [.. ModelQuantizer.Spread([.. Enumerable.Range(0, 10 * ModelQuantizer.Faces)])];
        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, ModelQuantizer.Faces).Select(i => 10 * i)));
    }

    [Test]
    public void Ranges_AreMeasuredOnNoFaceThatTheTemperatureIsFittedOn()
    {
        using var folder = new FerMl.Tests.TestFolder();
        var run = TrainingRun.Execute(new TrainingRunOptions
        {
            Dataset = TrainingData.Faces,
            Preset = NetworkPreset.Tiny,
            Training = TrainingData.Quick with { Epochs = 1 },
            OutputFolder = folder.Path("run"),
        });
        var model = EmotionModel.Load(run.ModelPath);
        Assert.That(model.Card!.HeldOut, Is.Not.Empty);
        var faces = ModelQuantizer.RangeFaces(model, TrainingData.Faces);
        Assert.That(faces, Is.Not.Empty);
        Assert.That(faces.Select(face => TrainingSet.KeyOf(face.Pixels)).Intersect(model.Card.HeldOut), Is.Empty);
        Assert.That(run.Validation!.Metrics.Count, Is.EqualTo(model.Card.HeldOut.Count));
        Assert.That(run.ToHtml(), Does.Contain("<img").And.Contain("Held-out faces").And.Contain("<table>"));
    }
}
