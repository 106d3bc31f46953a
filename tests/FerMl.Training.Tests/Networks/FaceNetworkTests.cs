using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class FaceNetworkTests
{
    private static readonly NetworkPreset[] Presets = [.. NetworkPreset.All];

    [TestCaseSource(nameof(Presets))]
    public void Forward_BFloat16_IsCloseToSinglePrecision(NetworkPreset preset)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = new FaceNetwork(preset.Network(new(0)), 7, mean: 129, standardDeviation: 65);
        network.train();
        var faces = rand(16, 1, 48, 48) * 255;
        var expected = network.forward(faces);
        network.ComputeType = ScalarType.BFloat16;
        var actual = network.forward(faces);
        Assert.That(actual.dtype, Is.EqualTo(ScalarType.Float32), "logits");
        var spread = (expected.amax(0) - expected.amin(0)).max().item<float>();
        Assert.That((actual - expected).abs().max().item<float>(), Is.InRange(1e-6, 0.15 * spread));
    }

    [TestCaseSource(nameof(Presets))]
    public void Weights_StaySinglePrecision(NetworkPreset preset)
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(preset.Network(new(0)), 7, 129, 65) { ComputeType = ScalarType.BFloat16 };
        network.forward(rand(4, 1, 48, 48)).sum().backward();
        foreach (var (name, parameter) in network.named_parameters())
        {
            Assert.That(parameter.dtype, Is.EqualTo(ScalarType.Float32), name);
            Assert.That(parameter.grad!.dtype, Is.EqualTo(ScalarType.Float32), name);
        }
        Assert.That(network.named_buffers().Where(buffer => buffer.buffer.is_floating_point()).Select(buffer => buffer.buffer.dtype),
            Is.All.EqualTo(ScalarType.Float32));
    }

    /// <summary>
    /// The meta device computes only shapes and refuses to mix with other devices: a tensor created on the CPU within a step fails here. It
    /// lacks convolutions, pooling and LSTMs; their modules derive every tensor from their input.
    /// </summary>
    [Test]
    public void Step_OnAnotherDevice_MakesNoTensorElsewhere([Values] OptimizerKind optimizer)
    {
        using var scope = NewDisposeScope();
        var device = new Device(DeviceType.META);
        var definition = new NetworkDefinition(
            "x", new Activation(ActivationKind.Relu), new PixelSequence(), new Dropout(0.1), new SequenceMean(), new Dense(6),
            new Activation(ActivationKind.Elu));
        using var network = new FaceNetwork(definition, 7, 129, 65) { ComputeType = ScalarType.BFloat16 };
        network.to(device);
        network.train();
        var options = new EmotionTrainerOptions
        {
            BatchSize = 8,
            Optimizer = optimizer,
            WeightDecay = 0.01,
            EmaDecay = 0.9,
            LabelSmoothing = 0.1,
            FocalGamma = 2,
            ClassWeighting = ClassWeighting.InverseFrequency,
        };
        using var step = new TrainingStep(network, options, [1, 2, 3, 4, 5, 6, 7], device);
        var batch = new Batch(8, 7) { Count = 8, ImageSize = 48 };
        var (loss, logits) = step.Run(batch, 0.1);
        Assert.That((loss.device_type, logits.device_type), Is.EqualTo((DeviceType.META, DeviceType.META)));
        Assert.That(network.parameters().Select(parameter => parameter.grad!.device_type), Is.All.EqualTo(DeviceType.META));
    }

    [Test]
    public void Strong_TakesOtherSizes_AndPaperNetworksDont()
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(NetworkPreset.Strong.Network(new(0)), 7, 129, 65);
        Assert.That(network.forward(rand(2, 1, 32, 32)).shape, Is.EqualTo(new long[] { 2, 7 }));
        Assert.That(NetworkPreset.All.Where(preset => preset.Network(new(0)).TakesAnySize),
            Is.EqualTo(new[] { NetworkPreset.Strong, NetworkPreset.Fast }));
    }

    [TestCase("strong")]
    [TestCase("fast")]
    [TestCase("paper-cnn-bilstm")]
    public void Weights_HaveOneNameEach(string preset)
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(NetworkPreset.Find(preset).Network(new(0)), 7, 129, 65);
        var names = network.state_dict().Keys.ToArray();
        // Besides parameters, state_dict() lists the mean and variance of each batch normalization.
        Assert.That(names, Has.Length.EqualTo(
            network.parameters().Count() + names.Count(name => name.Contains("running_", StringComparison.Ordinal))));
        Assert.That(names.Where(name => name.Contains('<', StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void MultiplyAdds_AreThoseOfTheArithmetic()
    {
        // By hand: 3*3*1*4 at 24x24; 4*6 at 24x24; two directions of four gates over 576 steps; a classifier of seven.
        var network = new NetworkDefinition(
            "x", new Convolution(4, Stride: 2), new Convolution(6, KernelSize: 1), new PixelSequence(), new BiLstm(5), new SequenceMean());
        Assert.That(network.MultiplyAdds, Is.EqualTo((36 + 24) * 576 + 2 * 576 * 4 * 5 * (6 + 5) + 10 * 7));
        Assert.That(NetworkPreset.Fast.Network(new(0)).MultiplyAdds, Is.LessThan(15_000_000));
    }
}
