using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class ResidualTests
{
    [Test]
    public void BlockDropout_IsAppliedInTrainingOnly()
    {
        using var scope = NewDisposeScope();
        var faces = rand(8, 1, 48, 48) * 255;
        manual_seed(1);
        using var plain = new FaceNetwork(NetworkPreset.Fast.Network(default), 7, 129, 65);
        manual_seed(1);
        using var dropping = new FaceNetwork(NetworkPreset.Fast.Network(new(0, BlockDropout: 0.3)), 7, 129, 65);
        Assert.That(dropping.state_dict().Keys, Is.EqualTo(plain.state_dict().Keys), "both accept the same weights");
        plain.eval();
        dropping.eval();
        Assert.That(plain.forward(faces).eq(dropping.forward(faces)).all().item<bool>(), Is.True);
        dropping.train();
        plain.train();
        Assert.That(plain.forward(faces).eq(dropping.forward(faces)).all().item<bool>(), Is.False);
    }

    [Test]
    public void BlockDropout_StandsInTheLayersNames()
    {
        var blocks = NetworkPreset.Strong.Network(new(0, 0.1)).Layers.OfType<Residual>().ToArray();
        Assert.That(blocks[1].ToString(), Is.EqualTo("residual block to 128, stride 2, dropout 0.1"));
        Assert.That(() => new NetworkDefinition("x", new Residual(4, 1, 1), new Flatten()), Throws.TypeOf<NetworkException>());
    }
}
