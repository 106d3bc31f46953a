namespace FerMl.Training.Tests;

public class NetworkDefinitionTests
{
    [Test]
    public void PaperCnn_IsPaperCnnBiLstmWithoutTheLstm()
    {
        var both = NetworkPreset.PaperCnnBiLstm.Network(new(0.1)).Layers;
        Assert.That(both.Count(layer => layer is BiLstm), Is.EqualTo(1));
        Assert.That(NetworkPreset.PaperCnn.Network(new(0.1)).Layers, Is.EqualTo(both.Where(layer => layer is not BiLstm)));
    }

    [Test]
    public void HasBiLstm_AlsoWithAWayAroundIt()
    {
        Assert.That(NetworkPreset.All.Where(preset => !preset.Network(new(0)).HasBiLstm), Is.EqualTo(new[] { NetworkPreset.PaperCnn }));
        Layer[] layers = [new Convolution(8), new PixelSequence(), new SkipConnection(new BiLstm(4)), new SequenceMean()];
        Assert.That(new NetworkDefinition("x", layers).HasBiLstm);
    }

    [Test]
    public void Presets_AreFoundByName()
    {
        foreach (var preset in NetworkPreset.All)
        {
            Assert.That(NetworkPreset.Find(preset.Name.ToUpperInvariant()), Is.SameAs(preset));
            Assert.That(preset.Network(new(0.1)).Name, Is.EqualTo(preset.Name));
            Assert.That(preset.Defaults.Validate, Throws.Nothing);
        }
        Assert.That(() => NetworkPreset.Find("resnet"),
            Throws.ArgumentException.With.Message.EqualTo(
                "There is no preset 'resnet'; the presets are paper-cnn-bilstm, paper-cnn, strong, fast, tiny."));
    }

    [Test]
    public void Layers_ThatDontFit_NameTheLayerAndTheShape()
    {
        Assert.That(() => new NetworkDefinition("x"), Throws.TypeOf<NetworkException>().With.Message.Contains("has no layers"));
        Assert.That(() => new NetworkDefinition("x", new Convolution(4)),
            Throws.TypeOf<NetworkException>().With.Message.Contains("ends in [4, 48, 48]; its last layer must give a vector"));
        Assert.That(() => new NetworkDefinition("x", new Dense(4)),
            Throws.TypeOf<NetworkException>().With.Message.EqualTo(
                "dense to 4 takes a vector [features]; put a flatten before it, but comes after a layer that gives [1, 48, 48]."));
        Assert.That(() => new NetworkDefinition("x", new BiLstm(4)),
            Throws.TypeOf<NetworkException>().With.Message.Contains("takes a sequence [steps, features]"));
        Assert.That(() => new NetworkDefinition("x", new Flatten(), new MaxPool()),
            Throws.TypeOf<NetworkException>().With.Message.Contains("takes an image [channels, height, width]"));
        Assert.That(() => new NetworkDefinition("x", [.. Enumerable.Repeat(new MaxPool(), 6)]),
            Throws.TypeOf<NetworkException>().With.Message.Contains("can't halve an image of 1x1 pixels"));
        Assert.That(() => new NetworkDefinition("x", new PixelSequence(), new SkipConnection(new BiLstm(4))),
            Throws.TypeOf<NetworkException>().With.Message.EqualTo(
                "BiLSTM 2x4 with a skip connection adds [2304, 8] to [2304, 1]: the layer has to give the shape that it takes."));
    }

    [TestCaseSource(nameof(BadLayers))]
    public void Layers_OutOfRange_SayWhatIsAllowed(Layer layer, string expected) =>
        Assert.That(() => new NetworkDefinition("x", layer is BiLstm ? [new PixelSequence(), layer] : [layer]),
            Throws.TypeOf<NetworkException>().With.Message.Contains(expected));

    private static IEnumerable<TestCaseData> BadLayers() =>
    [
        new(new Convolution(0), "channels are at least 1"),
        new(new Convolution(1, 4), "the kernel is 1, 3, 5 or 7"),
        new(new Convolution(1, 3, 3), "the stride 1 or 2"),
        new(new Dropout(1), "at least 0 and below 1"),
        new(new BiLstm(0), "the hidden size is at least 1"),
    ];
}
