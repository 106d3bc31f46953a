using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class FlatWeightsTests
{
    private static readonly NetworkDefinition Network = new(
        "small", new Convolution(3, Stride: 2), new BatchNormalization(), new MaxPool(), new PixelSequence(), new BiLstm(2), new Flatten());

    [Test]
    public void Network_KeepsWhatItComputes_AndItsOrderInMemory()
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(Network, 7, 129, 65);
        network.eval();
        var faces = rand(4, 1, 48, 48) * 255;
        var (before, strides) = (network.forward(faces), Strides());
        using (var weights = new FlatWeights(network))
        {
            Assert.That(network.forward(faces).eq(before).all().item<bool>(), Is.True);
            Assert.That(Strides(), Is.EqualTo(strides));
            using var noGrad = no_grad();
            weights.All.narrow(0, 0, weights.WeightsLength).zero_();
            Assert.That(network.parameters().Select(weight => weight.abs().max().item<float>()), Is.All.Zero, "views of one tensor");
            Assert.That(network.named_buffers().Single(buffer => buffer.name.EndsWith("running_var")).buffer.min().item<float>(),
                Is.EqualTo(1), "batch statistics come after the weights");
        }
        Assert.That(network.forward(faces).abs().max().item<float>(), Is.Zero, "the weights outlive FlatWeights");
        Assert.That(network.parameters().Select(weight => weight.grad is null), Is.All.True);

        string[] Strides() => [.. network.state_dict().Select(entry => $"{entry.Key} {string.Join(',', entry.Value.stride())}")];
    }

    [Test]
    public void Backward_AddsToTheOneTensor()
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(Network, 7, 129, 65);
        using var weights = new FlatWeights(network);
        var faces = rand(4, 1, 48, 48) * 255;
        network.forward(faces).sum().backward();
        var total = network.parameters().Sum(weight => weight.grad!.abs().sum().item<float>());
        Assert.That(total, Is.Positive);
        Assert.That(weights.Gradients.abs().sum().item<float>(), Is.EqualTo(total).Within(1e-3 * total));
    }

    [Test]
    public void Step_ShortensLongGradients_AsTorchDoes([Values(0.01, 1e6)] double longest)
    {
        using var scope = NewDisposeScope();
        using var network = new FaceNetwork(Network, 7, 129, 65);
        using var weights = new FlatWeights(network);
        using var optimizer = new WeightOptimizer(weights, new EmotionTrainerOptions
        {
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0,
            GradientClipNorm = longest,
        });
        var before = network.parameters().Select(weight => weight.detach().clone()).ToArray();
        foreach (var weight in network.parameters())
            weight.grad!.copy_(randn_like(weight));
        var gradients = network.parameters().Select(weight => weight.grad!.clone()).ToArray();
        var norm = Math.Sqrt(gradients.Sum(gradient => gradient.pow(2).sum().item<float>()));
        optimizer.Step(1);
        foreach (var (weight, old, gradient) in network.parameters().Zip(before, gradients))
            Assert.That((old - weight - gradient * Math.Min(1, longest / norm)).abs().max().item<float>(), Is.LessThan(1e-5));
    }
}
