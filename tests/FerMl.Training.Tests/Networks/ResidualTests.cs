using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class ResidualTests
{
    [Test]
    public void Rates_LeaveOutInTrainingOnly()
    {
        using var scope = NewDisposeScope();
        var faces = rand(8, 1, 48, 48) * 255;
        foreach (var rates in (NetworkRates[])[new(0, BlockDropout: 0.3), new(0, StochasticDepth: 0.5)])
        {
            manual_seed(1);
            using var plain = new FaceNetwork(NetworkPreset.Fast.Network(default), 7, 129, 65);
            manual_seed(1);
            using var dropping = new FaceNetwork(NetworkPreset.Fast.Network(rates), 7, 129, 65);
            Assert.That(dropping.state_dict().Keys, Is.EqualTo(plain.state_dict().Keys), "weights go from the one to the other");
            plain.eval();
            dropping.eval();
            Assert.That(plain.forward(faces).eq(dropping.forward(faces)).all().item<bool>(), Is.True);
            dropping.train();
            plain.train();
            Assert.That(plain.forward(faces).eq(dropping.forward(faces)).all().item<bool>(), Is.False, $"{rates}");
        }
    }

    [Test]
    public void StochasticDepth_LeavesOutFaces_AndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var dropped = StochasticDepth.Drop(ones(4_000, 3, 2, 2), 0.25).flatten(1);
        Assert.That(dropped.amin(1).eq(dropped.amax(1)).all().item<bool>(), Is.True, "all of a face or nothing of it");
        Assert.That(dropped.mean().item<float>(), Is.EqualTo(1).Within(0.03));
        Assert.That(dropped.eq(0).to(ScalarType.Float32).mean().item<float>(), Is.EqualTo(0.25).Within(0.03));
        Assert.That(StochasticDepth.Drop(empty([2, 3, 2, 2], ScalarType.BFloat16, new Device(DeviceType.META)), 0.2).device_type,
            Is.EqualTo(DeviceType.META), "made on the maps' own device");
    }

    [Test]
    public void Rates_GrowWithDepth_AndStandInTheLayersNames()
    {
        var blocks = NetworkPreset.Strong.Network(new(0, 0.1, 0.5)).Layers.OfType<Residual>().ToArray();
        Assert.That(blocks.Select(block => block.SkipRate), Is.EqualTo(new[] { 0.1, 0.2, 0.3, 0.4, 0.5 }).Within(1e-9));
        Assert.That(blocks[1].ToString(), Is.EqualTo("residual block to 128, stride 2, dropout 0.1, left out 0.2"));
        Assert.That(() => new NetworkDefinition("x", new Residual(4, 1, 1), new Flatten()), Throws.TypeOf<NetworkException>());
    }

    [Test]
    public void Large_StaysBelowSixMillionWeights()
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(NetworkPreset.Large.Network(default), 7, 129, 65);
        Assert.That(network.ParameterCount, Is.InRange(5_500_000, 6_000_000));
    }
}
