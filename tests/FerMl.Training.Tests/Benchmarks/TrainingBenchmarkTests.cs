using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class TrainingBenchmarkTests
{
    /// <summary>What is compared must be the same thing: same weights, same logits.</summary>
    [Test]
    public void PlainNetwork_ComputesTheSame([Values] bool isTraining)
    {
        foreach (var preset in NetworkPreset.All)
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            using var own = new FaceNetwork(preset.Network(0), 7, mean: 0, deviation: 255);
            using var plain = new PlainNetwork(preset.Network(0), 7);
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
        var result = TrainingBenchmark.Run(NetworkPreset.Tiny.Network(0), batchSize: 8, rounds: 1, stepsPerRound: 1);
        double[] figures = [result.PlainImagesPerSecond, result.Float32ImagesPerSecond, result.Bfloat16ImagesPerSecond, result.GemmPeakFloat32, result.GemmPeakBFloat16, result.PeakMemoryMB];
        Assert.That(figures, Is.All.Positive);
        Assert.That(result.Speedup, Is.EqualTo(Math.Max(figures[1], figures[2]) / figures[0]));
        Assert.That(result.PeakShare, Is.EqualTo(figures[2] * result.MultiplyAdds * 6e-9 / figures[4]).Within(1e-9));
        Assert.That(() => TrainingBenchmark.Run(NetworkPreset.Tiny.Network(0), batchSize: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
