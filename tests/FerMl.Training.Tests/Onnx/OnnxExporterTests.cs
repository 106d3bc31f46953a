using FerMl.Training.Onnx;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class OnnxExporterTests
{
    private const double Temperature = 1.7;

    private static readonly FerDataset Faces = SyntheticFaces.Create(70, seed: 41);

    internal static IEnumerable<NetworkDefinition> Networks() =>
    [
        .. NetworkPreset.All.Select(preset => preset.Network(new(0.1))),
        new NetworkDefinition(
            "odd-sizes", new Convolution(3, 7, 2), new Activation(ActivationKind.Elu), new Convolution(5, 1), new MaxPool(),
            new Convolution(7, 5, 2), new BatchNormalization(), new PixelSequence(), new BiLstm(3), new BiLstm(4),
            new SkipConnection(new BiLstm(4)), new Flatten(), new Dense(6), new SkipConnection(new Dense(6)),
            new Activation(ActivationKind.Relu)),
    ];

    [Test]
    public void Export_LargeRandomWeights_GivesTorchsScores(
        [ValueSource(nameof(Networks))] NetworkDefinition definition, [Values(3, 7)] int classes, [Values] TestTimeAugmentation averaging)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = new FaceNetwork(definition, classes, mean: 129, standardDeviation: 65);
        network.eval();
        var pixels = tensor(
            Faces.Samples.Take(5).SelectMany(face => face.Pixels.ToArray().Select(level => (float)level)).ToArray(), [5, 1, 48, 48]);
        Enlarge(network);
        SpreadScores(network, pixels);
        var expected = Scores(network, pixels, averaging);

        var labels = EmotionTask.Seven.Labels.Take(classes).ToArray();
        using var onnx = EmotionNetwork.Open(
            OnnxTemperature.Scale(OnnxExporter.Export(network, labels, averaging), Temperature), definition.Name);
        var all = onnx.Score(pixels.data<float>().ToArray(), 5);
        Assert.That(onnx.Labels, Is.EqualTo(labels));
        Assert.That(all, Is.EqualTo(expected).Within(1e-4));
        Assert.That(onnx.Score(pixels[2].contiguous().data<float>().ToArray(), 1), Is.EqualTo(expected[(2 * classes)..(3 * classes)])
            .Within(1e-4), "one face alone");

        // With weights as small as the initial ones, all scores would be nearly equal and hide errors.
        var rows = expected.Chunk(classes).ToArray();
        Assert.That(Enumerable.Range(0, classes).Max(c => rows.Max(row => row[c]) - rows.Min(row => row[c])), Is.GreaterThan(0.2),
            "faces differ");
    }

    [Test]
    public void Export_Float16_IsHalfTheSize_AndNearlyTheSame()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var network = new FaceNetwork(NetworkPreset.Strong.Network(new(0)), 7, mean: 129, standardDeviation: 65);
        network.eval();
        var pixels = Faces.Samples.SelectMany(face => face.Pixels.ToArray().Select(level => (float)level)).ToArray();
        SpreadScores(network, tensor(pixels, [Faces.Count, 1, 48, 48]));
        var (whole, small) =
            (OnnxExporter.Export(network, EmotionTask.Seven.Labels, TestTimeAugmentation.None),
                OnnxExporter.Export(network, EmotionTask.Seven.Labels, TestTimeAugmentation.None, WeightFormat.Float16));
        Assert.That(small.Length, Is.LessThan(0.52 * whole.Length));
        using var exact = EmotionNetwork.Open(whole, "whole");
        using var rounded = EmotionNetwork.Open(small, "small");
        var (expected, actual) = (exact.Score(pixels, Faces.Count), rounded.Score(pixels, Faces.Count));
        Assert.That(actual, Is.EqualTo(expected).Within(0.01));
        Assert.That(actual, Is.Not.EqualTo(expected), "unchanged weights would hide errors");
    }

    [Test]
    public void Export_Float16_KeepsWeightsThatItCantHold()
    {
        var graph = new OnnxGraph(WeightFormat.Float16);
        var values = new float[2048];
        values[5] = 70_000;
        graph.Floats(values, values.Length);
        values[5] = 60_000;
        graph.Floats(values, values.Length);
        graph.Floats(new float[8], 8);
        var written = ModelProto.Parser.ParseFrom(graph.ToModel(new Dictionary<string, string>())).Graph;
        Assert.That(written.Initializer.Select(weights => (weights.Dims[0], weights.DataType)), Is.EqualTo(new[] { (2048, 1), (8, 1) }),
            "1: float32");
        Assert.That(written.Node.Where(node => node.OpType == "Constant").Select(node => node.Attribute.Single().T.DataType),
            Is.EqualTo(new[] { 10 }), "10: half precision, which ML.NET accepts in nodes only");
    }

    private static float[] Scores(FaceNetwork network, Tensor pixels, TestTimeAugmentation averaging)
    {
        using var noGrad = no_grad();
        var views = AugmentedView.Of(averaging).Select(view => (network.forward(NetworkScores.Apply(pixels,
            view)) / Temperature).softmax(1))
            .ToArray();
        Assert.That(views, Has.Length.EqualTo(
            averaging switch
            {
                TestTimeAugmentation.None => 1,
                TestTimeAugmentation.Flip => 2,
                TestTimeAugmentation.Zoom => 3,
                TestTimeAugmentation.FiveCrop => 5,
                _ => 10,
            }));
        return stack(views).mean([0]).contiguous().data<float>().ToArray();
    }

    [Test]
    public void Export_OfCrops_GivesTorchsScoresOfEachCrop([Values] TestTimeAugmentation averaging)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(3);
        using var network = new FaceNetwork(NetworkPreset.Fast.Network(default), 7, 129, 65);
        network.eval();
        var pixels = Faces.Samples.Take(6).SelectMany(face => face.Pixels.ToArray(), (_, level) => (float)level).ToArray();
        var faces = tensor(pixels).view(6, 1, 48, 48);
        SpreadScores(network, faces.narrow(2, 4, 40).narrow(3, 4, 40).contiguous());
        using var exported = EmotionNetwork.Open(
            OnnxExporter.Export(network, EmotionTask.Seven.Labels, averaging, cropSize: 40), "crops");
        // The top left pixels of the 40x40 crops: the center and the four corners of the face.
        (int, int)[] corners = averaging is TestTimeAugmentation.FiveCrop or TestTimeAugmentation.TenCrop
            ? [(4, 4), (0, 0), (0, 8), (8, 0), (8, 8)] : [(4, 4)];
        var isMirrored = averaging is TestTimeAugmentation.Flip or TestTimeAugmentation.TenCrop;
        var views = corners.Select(corner => faces.narrow(2, corner.Item2, 40).narrow(3, corner.Item1, 40).contiguous())
            .SelectMany(crop => isMirrored ? new[] { crop, crop.flip(3) } : [crop]);
        if (averaging == TestTimeAugmentation.Zoom)
            views = [.. views, Seen(38), Seen(42)];
        var expected = stack([.. views.Select(view => network.forward(view).softmax(1))]).mean([0]).contiguous().data<float>().ToArray();
        Assert.That(exported.Score(pixels, 6), Is.EqualTo(expected).Within(1e-4));

        Tensor Seen(long part) => nn.functional.interpolate(
            faces.narrow(2, (48 - part) / 2, part).narrow(3, (48 - part) / 2, part), [40, 40], mode: InterpolationMode.Bilinear).flip(3);
    }

    [Test]
    public void See_NearerAndFarther_ShowsThePixelsBetween([Values(2, -2)] int nearer)
    {
        using var scope = NewDisposeScope();
        var faces = arange(0, 2304, ScalarType.Float32).view(1, 1, 48, 48);
        var seen = NetworkScores.Apply(faces, new AugmentedView(0, 0, IsMirrored: false, Zoom: nearer));
        for (var y = 0; y < 48; y++)
            for (var x = 0; x < 48; x++)
                Assert.That(seen[0, 0, y, x].item<float>(), Is.EqualTo(At(y) * 48 + At(x)).Within(0.01));

        // Coordinates are those of pixel centers; beyond the cropped part, its border pixels repeat.
        double At(int pixel)
        {
            var (part, first, last) = (48 - 2 * nearer, Math.Max(0, nearer), Math.Min(47, 47 - nearer));
            return Math.Clamp((pixel + 0.5) * part / 48 - 0.5 + nearer, first, last);
        }
    }

    [Test]
    public void See_ShiftsAndMirrors_WithTheBorderGoingOn()
    {
        using var scope = NewDisposeScope();
        var faces = arange(0, 2304, ScalarType.Float32).view(1, 1, 48, 48);
        var seen = NetworkScores.Apply(faces, new AugmentedView(3, -3, IsMirrored: true));
        for (var y = 0; y < 48; y++)
            for (var x = 0; x < 48; x++)
                Assert.That(seen[0, 0, y, x].item<float>(), Is.EqualTo(Math.Max(0, y - 3) * 48 + Math.Min(47, 47 - x + 3)));
    }

    /// <summary>Scales the classifier so that the logits of these faces differ strongly, but no score is near 0 or 1.</summary>
    internal static void SpreadScores(FaceNetwork network, Tensor pixels)
    {
        using var noGrad = no_grad();
        var classifier = network.Steps[^1].Module.state_dict();
        var logits = network.forward(pixels);
        var scale = 4 / (logits.amax(0) - logits.amin(0)).max().item<float>();
        Assert.That(scale, Is.LessThan(1_000), "the network must distinguish the faces before");
        classifier["weight"].mul_(scale);
        classifier["bias"].mul_(scale).sub_(logits.mean([0]) * scale);
    }

    private static void Enlarge(FaceNetwork network)
    {
        using var noGrad = no_grad();
        foreach (var (name, weights) in network.state_dict())
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal))
                weights.uniform_(0.5, 2);
            else if (name.EndsWith("running_mean", StringComparison.Ordinal))
                weights.normal_(0, 0.5);
            else if (name.Contains("lstm", StringComparison.Ordinal))
                weights.normal_(0, 0.5);
            else if (weights.is_floating_point())
                weights.mul_(1.5).add_(randn_like(weights) * 0.05);
        }
    }
}
