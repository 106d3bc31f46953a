using static TorchSharp.torch;

namespace FerMl.Benchmarking.Tests;

public class TrainingBenchmarkTests
{
    private static readonly NetworkDefinition Small = new("small",
        new Convolution(32, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPool(), new PixelSequence(),
        new BiLstm(16), new SequenceMean());

    /// <summary>The compared networks must be equivalent: same weights, same logits.</summary>
    [Test]
    public void PlainNetwork_ComputesTheSame([Values] bool isTraining)
    {
        foreach (var preset in NetworkPreset.All.Where(preset => CanRunPlain(preset.Network(new(0)))))
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            using var own = new FaceNetwork(preset.Network(new(0)), 7, mean: 0, standardDeviation: 255);
            using var plain = new PlainNetwork(preset.Network(new(0)), 7);
            using (no_grad())
                foreach (var (mine, theirs) in own.parameters().Zip(plain.parameters()))
                    theirs.copy_(mine);
            own.train(isTraining);
            plain.train(isTraining);
            var faces = rand(4, 1, 48, 48) * 255;
            Assert.That((own.forward(faces) - plain.forward(faces / 255)).abs().max().item<float>(), Is.LessThan(1e-4), preset.Name);
        }
    }

    [Test]
    public void Run_MeasuresEverything()
    {
        var result = TrainingBenchmark.Run(Small, batchSize: 8, seconds: 1, productSizes: [256]);
        double[] figures = [
            result.PlainImagesPerSecond, result.Float32ImagesPerSecond, result.GemmPeakFloat32, result.PeakMemoryMB];
        Assert.That(figures, Is.All.Positive);
        Assert.That(result.Speedup, Is.EqualTo(Math.Max(figures[1], result.Bfloat16ImagesPerSecond ?? 0) / figures[0]));
        if (PrecisionChoice.HasFastBFloat16)
            Assert.That(result.PeakShare,
                Is.EqualTo(result.Bfloat16ImagesPerSecond * result.MultiplyAdds * 6e-9 / result.GemmPeakBFloat16).Within(1e-9));
        else
            Assert.That((result.Bfloat16ImagesPerSecond, result.GemmPeakBFloat16, result.PeakShare), Is.EqualTo(
                ((double?)null, (double?)null, (double?)null)), "it would take minutes a step");
        Assert.That(() => TrainingBenchmark.Run(NetworkPreset.Tiny.Network(new(0)), batchSize: 1),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void PlainNetwork_WhoseChannelsWouldBeLost_IsRefused()
    {
        var tiny = NetworkPreset.Tiny.Network(new(0));
        if (CacheTopology.IsHidden)
            Assert.That(() => new PlainNetwork(tiny, 7),
                Throws.TypeOf<NetworkException>().With.Message.Contains("1 to 12 channels").And.Message.Contains("multiples of 32"));
        else
            using (var plain = new PlainNetwork(tiny, 7))
                Assert.That(plain.parameters(), Is.Not.Empty);
    }

    private static bool CanRunPlain(NetworkDefinition network)
    {
        try
        {
            using var plain = new PlainNetwork(network, 7);
            return true;
        }
        catch (NetworkException) when (CacheTopology.IsHidden)
        {
            return false;
        }
    }

    [Test]
    public void ReferenceNetwork_HasItsMultiplyAdds() =>
        Assert.That(ReferenceNetwork.Definition.MultiplyAdds, Is.InRange(133_000_000, 135_000_000));
}
