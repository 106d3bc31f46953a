using FerMl.Tests;
using FerMl.Training.Onnx;
using Microsoft.ML;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class OnnxImporterTests : FolderTests
{
    private static readonly string[] Seven = [.. EmotionTask.Seven.Labels];

    [Test]
    public void Import_GivesTheWeightsThatWereExported(
        [ValueSource(typeof(OnnxExporterTests), nameof(OnnxExporterTests.Networks))] NetworkDefinition definition,
        [Values] WeightFormat format)
    {
        using var scope = NewDisposeScope();
        using var earlier = Network(definition, 7);
        using var network = Network(definition, 7);
        OnnxImporter.Import(Save(earlier, Seven, format), network, Seven);
        var expected = earlier.state_dict();
        foreach (var (name, tensor) in network.state_dict())
        {
            if (format == WeightFormat.Float32)
                Assert.That(tensor.eq(expected[name]).all().item<bool>(), name);
            else
                // Half precision has 11 significant bits.
                Assert.That(tensor.sub(expected[name]).abs().max().item<float>(),
                    Is.LessThanOrEqualTo(expected[name].abs().max().item<float>() / 2048), name);
        }
    }

    [Test]
    public void Read_OfChangedBytes_IsATypedErrorOrWeights()
    {
        using var scope = NewDisposeScope();
        using var network = Network(NetworkPreset.Tiny.Network(new(0)), 7);
        var onnx = Save(network, Seven, WeightFormat.Float16).Onnx.ToArray();
        var random = new Random(9);
        for (var i = 0; i < 2_000; i++)
        {
            var changed = i % 4 == 0 ? onnx[..random.Next(onnx.Length)] : onnx.ToArray();
            for (var k = 0; k < 3 && changed.Length > 0; k++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                var reader = new OnnxWeightReader(changed);
                foreach (var (layer, module) in network.Steps)
                    layer.Import(reader, module);
                ClassifierGraph.Parse(changed);
            }
            catch (InvalidDataException)
            {
                // The importer converts it to a typed error.
            }
        }
    }

    [Test]
    public void Import_OfOtherLabels_TakesThoseThatBothHave([Values(3, 7)] int classes)
    {
        using var scope = NewDisposeScope();
        var definition = NetworkPreset.Tiny.Network(new(0));
        using var earlier = Network(definition, 7);
        using var network = Network(definition, classes);
        using var before = WeightSnapshot.Of(network);
        string[] labels = [.. Seven.Reverse().Take(classes - 1), "bored"];
        OnnxImporter.Import(Save(earlier, Seven), network, labels);
        var expected = earlier.state_dict();
        foreach (var (name, tensor) in network.state_dict())
            if (!name.StartsWith(FaceNetwork.Classifier, StringComparison.Ordinal))
                Assert.That(tensor.eq(expected[name]).all().item<bool>(), name);
            else
                foreach (var (row, label) in labels.Index())
                    Assert.That(tensor[row].eq(label == "bored" ? before.Tensors[name][row] : expected[name][Seven.IndexOf(label)])
                        .all().item<bool>(), $"{name}, {label}");
    }

    [Test]
    public void Import_OfAnotherNetworkOrAnEnsemble_SaysSo()
    {
        using var tiny = Network(NetworkPreset.Tiny.Network(new(0)), 7);
        using var fast = Network(NetworkPreset.Fast.Network(new(0)), 7);
        using var wider = Network(
            new NetworkDefinition(
                "wider", [.. NetworkPreset.Tiny.Network(new(0)).Layers.Select(
                    layer => layer is BiLstm lstm ? new BiLstm(lstm.Hidden + 1) : layer)]), 7);
        var model = Save(tiny, Seven);
        ModelEnsemble.Save([model, model], Folder.Path("ensemble.zip"));
        foreach (var (name, other, network) in new[] { ("layers", model, fast), ("shape", model, wider),
            ("ensemble", EmotionModel.Load(Folder.Path("ensemble.zip")), tiny) })
        {
            Assert.That(() => OnnxImporter.Import(other, network, Seven),
                Throws.TypeOf<EmotionModelException>().With.Message.Contains(
                    $"{other.Name}: its layers aren't those of '{network.Definition.Name}'").And.Message.Contains(
                        "Start from a single model of the same preset"), name);
        }
    }

    [Test]
    public void Import_OfANetworkWithOneLayerMore_SaysSo()
    {
        using var longer = Network(new NetworkDefinition("longer", [new Flatten(), new Dense(7), new Dense(7)]), 7);
        using var shorter = Network(new NetworkDefinition("shorter", [new Flatten(), new Dense(7)]), 7);
        Assert.That(() => OnnxImporter.Import(Save(longer, Seven), shorter, Seven),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("it has 1 more operations with weights"));
    }

    [Test]
    public void Fit_InitializedFromAModel_HoldsTheSameFacesOut_AndNamesIt()
    {
        var options = TrainingData.Quick with { Epochs = 1, ValidationFraction = 0.2, Seed = 4 };
        TrainingRun.Execute(new TrainingRunOptions
        {
            Dataset = TrainingData.Faces,
            Task = EmotionTask.Seven,
            Preset = NetworkPreset.Tiny,
            Training = options,
            OutputFolder = Folder.Root,
        });
        var model = EmotionModel.Load(Folder.Path("model.zip"));
        Assert.That(model.Card!.HeldOut, Is.Not.Empty);
        Assert.That(model.Card.HeldOut, Is.EquivalentTo(Checkpoints.HeldOutBy(new CheckpointFolder(Folder.Root))));

        using var network = TrainingData.Fit(options with { Seed = 5, InitializeFrom = InitialWeights.FromModel(model) });
        var card = network.CreateCard();
        Assert.That(card.HeldOut, Is.EquivalentTo(model.Card.HeldOut));
        Assert.That(card.InitializedFrom, Is.EqualTo("model.zip"));
    }

    private EmotionModel Save(FaceNetwork network, string[] labels, WeightFormat format = WeightFormat.Float32)
    {
        var mlContext = new MLContext();
        var scoring = mlContext.Transforms.ScoreEmotions(
            OnnxTemperature.Scale(OnnxExporter.Export(network, labels, TestTimeAugmentation.Flip, format), 1.3), labels)
                .Fit(TrainingData.View(mlContext));
        var path = Folder.Path($"{network.Definition.Name}.zip");
        ModelFile.Save(scoring, new ModelCard
        {
            Task = "seven",
            Labels = labels,
            Network = network.Definition.Name,
        }, path, overwrite: true);
        return EmotionModel.Load(path);
    }

    /// <summary>A network of random weights and statistics: the initial statistics, all 0 or 1, would hide swapped tensors.</summary>
    private static FaceNetwork Network(NetworkDefinition definition, int classes)
    {
        var network = new FaceNetwork(definition, classes, mean: 129, standardDeviation: 65);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var tensor in network.state_dict().Values)
            // Matrices are around 0, so that their sums stay finite through any number of layers.
            tensor.copy_(tensor.dim() > 1 ? rand_like(tensor).sub(0.5).mul(0.2) : rand_like(tensor).add(0.5));
        return network;
    }
}
