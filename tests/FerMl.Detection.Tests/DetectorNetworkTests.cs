using FerMl.Vision;
using static TorchSharp.torch;

namespace FerMl.Detection.Tests;

/// <summary>An exported network computes the same outputs, and its weights can be imported into another network.</summary>
public class DetectorNetworkTests : DetectionTests
{
    private static float[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => (float)(i * 37 % 256))];

    [Test]
    public void Proposals_Written_AnswerAsTheNetworkDoes()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var network = new ProposalNetwork();
        network.eval();
        var pixels = Pixels(64 * 96);
        var expected = network.forward(tensor(pixels, [1, 1, 64, 96])).data<float>().ToArray();
        using var session = FaceSession.Open(network.Export(), "test");
        float[] answers = [];
        session.Run(pixels, [1, 1, 64, 96], expected.Length, found => answers = found.ToArray());
        Assert.That(expected, Has.Length.EqualTo(FaceGrid.Values * FaceGrid.PlacesIn(96, 64)));
        // The weights are written in half precision.
        Assert.That(answers, Is.EqualTo(expected).Within(0.02));
    }

    [Test]
    public void Verification_Written_AnswersAsTheNetworkDoes()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var network = new VerificationNetwork();
        network.eval();
        var pixels = Pixels(2 * FaceResampler.PixelCount);
        var expected = network.forward(tensor(pixels, [2, 1, 48, 48])).data<float>().ToArray();
        using var session = FaceSession.Open(network.Export(), "test");
        float[] answers = [];
        session.Run(pixels, [2, 1, 48, 48], 2, found => answers = found.ToArray());
        Assert.That(answers, Is.EqualTo(expected).Within(0.02));
    }

    [Test]
    public void Import_GivesAnotherNetworkTheSameWeights()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var one = new ProposalNetwork();
        using var other = new ProposalNetwork();
        using var judge = new VerificationNetwork();
        using var second = new VerificationNetwork();
        Assert.That(other.Export(), Is.Not.EqualTo(one.Export()));
        other.Import(one.Export());
        Assert.That(other.Export(), Is.EqualTo(one.Export()));
        second.Import(judge.Export());
        Assert.That(second.Export(), Is.EqualTo(judge.Export()));
        Assert.That(() => other.Import(judge.Export()), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Objective_AsksOnlyWhereThereIsAnAnswer()
    {
        using var scope = NewDisposeScope();
        using var objective = new ProposalObjective();
        var answers = new float[FaceGrid.Values * Scene.Places];
        SceneTargets.Write([new SceneFace(90, 70, 16, 0) { IsHidden = true }], answers);
        var targets = tensor(answers, [1, FaceGrid.Values, Scene.Places]);
        // High logits at the hidden face only, which the loss ignores.
        var (told, unasked) = (new float[answers.Length],
            Enumerable.Range(0, Scene.Places).Where(i => answers[i] == SceneTargets.Unasked).ToHashSet());
        for (var i = 0; i < Scene.Places; i++)
            told[i] = unasked.Contains(i) ? 9 : -9;
        var right = objective.Compute(tensor(told, targets.shape), targets);
        told[Enumerable.Range(0, Scene.Places).First(i => !unasked.Contains(i))] = 9;
        var wrong = objective.Compute(tensor(told, targets.shape), targets);
        Assert.That(right.Loss.item<float>(), Is.LessThan(1e-3));
        Assert.That(wrong.Loss.item<float>(), Is.GreaterThan(1));
        Assert.That((right.Worst[0] < 0.01, wrong.Worst[0] > 0.99), Is.EqualTo((true, true)));
    }
}
