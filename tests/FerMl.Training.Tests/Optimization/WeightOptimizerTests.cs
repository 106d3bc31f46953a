using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class WeightOptimizerTests
{
    private static readonly NetworkDefinition Network = new(
        "small", new Convolution(3, Stride: 2), new BatchNormalization(), new MaxPool(), new Flatten());

    [TestCase(OptimizerKind.Adam)]
    [TestCase(OptimizerKind.AdamW)]
    [TestCase(OptimizerKind.Sgd)]
    public void Step_IsTorchsOwn_WithDecayOnWeightsOnly(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        const double decay = 0.05;
        manual_seed(5);
        using var network = new FaceNetwork(Network, 7, 0, 1);
        using var weights = new FlatWeights(network);
        using var optimizer = new WeightOptimizer(weights, new EmotionTrainerOptions
        {
            Optimizer = kind,
            WeightDecay = decay,
            Momentum = 0.8,
        });
        Parameter[] own = [.. network.parameters()];
        Parameter[] torchs = [.. own.Select(weight => new Parameter(weight.detach().contiguous().clone()))];
        var groups = torchs.ToLookup(weight => weight.dim() > 1);
        using var reference = Torchs(kind, [.. groups[true]], [.. groups[false]], decay);

        for (var step = 1; step <= 5; step++)
        {
            for (var i = 0; i < own.Length; i++)
            {
                own[i].grad!.copy_(randn_like(own[i]));
                torchs[i].grad = own[i].grad!.clone().contiguous();
            }
            optimizer.Step(0.02 / step);
            foreach (var group in reference.ParamGroups)
                group.LearningRate = 0.02 / step;
            reference.step();
        }
        for (var i = 0; i < own.Length; i++)
            Assert.That((own[i] - torchs[i]).abs().max().item<float>(), Is.LessThan(1e-6), $"weight {i}");
        Assert.That(optimizer.Steps, Is.EqualTo(5));
    }

    private static optim.Optimizer Torchs(OptimizerKind kind, Parameter[] decayed, Parameter[] free, double decay) => kind switch
    {
        OptimizerKind.Sgd => optim.SGD(
            [new SGD.ParamGroup(decayed, 0.1, 0.8, weight_decay: decay, nesterov: true),
                new SGD.ParamGroup(free, 0.1, 0.8, nesterov: true)], 0.1),
        OptimizerKind.AdamW => optim.AdamW(
            [new AdamW.ParamGroup(decayed, weight_decay: decay), new AdamW.ParamGroup(free, weight_decay: 0)]),
        _ => optim.Adam([new Adam.ParamGroup(decayed, weight_decay: decay), new Adam.ParamGroup(free)]),
    };
}
