using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class WeightAverageTests
{
    [Test]
    public void Update_AveragesWeightsAndBatchStatistics_FasterAtFirst()
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(
            new NetworkDefinition("x", new Convolution(2), new BatchNormalization(), new Flatten()), 2, 0, 1);
        Set(network, 1);
        using var weights = new FlatWeights(network);
        using var average = new WeightEma(weights, 0.5);
        Set(network, 3);
        average.Update();
        // The first update keeps (1 + 1) / (10 + 1) of the average.
        Assert.That(Values(average), Is.All.EqualTo(3 - 2 * 2 / 11f).Within(1e-5));
        for (var i = 0; i < 40; i++)
            average.Update();
        Assert.That(Values(average), Is.All.EqualTo(3).Within(1e-5));
        Assert.That(average.Updates, Is.EqualTo(41));

        Set(network, 7);
        average.Update();
        Assert.That(Values(average), Is.All.EqualTo(5).Within(1e-4), "keeps half of the average");
        average.CopyToModel();
        Assert.That(network.state_dict().Values.Where(tensor => tensor.is_floating_point()).Select(tensor => tensor.mean().item<float>()),
            Is.All.EqualTo(5).Within(1e-4));
    }

    private static IEnumerable<float> Values(WeightEma average) =>
        average.Tensors.Values.Where(tensor => tensor.is_floating_point()).Select(tensor => tensor.mean().item<float>());

    private static void Set(FaceNetwork network, float value)
    {
        using var noGrad = no_grad();
        foreach (var tensor in network.state_dict().Values)
            tensor.fill_(value);
    }
}
