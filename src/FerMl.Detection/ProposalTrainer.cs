using System.Diagnostics;
using FerMl.Training;
using FerMl.Vision;
using static TorchSharp.torch;

namespace FerMl.Detection;

/// <summary>Trains the network that proposes faces.</summary>
internal static class ProposalTrainer
{
    // Above the first probability a false positive makes its background a hard negative; above the second it is counted.
    private const double HardNegativeThreshold = 0.4, FalsePositiveThreshold = 0.5;
    private const int SnapshotEvery = 1_000;

    /// <summary>Trains the network.</summary>
    /// <param name="network">The network, initialized or pretrained.</param>
    /// <param name="faces">Faces, 2,304 pixel values each.</param>
    /// <param name="backgrounds">Images without faces, or null for generated textures.</param>
    /// <param name="options">The options.</param>
    /// <param name="progress">Receives the progress of each step.</param>
    /// <param name="snapshot">Receives the network every thousand steps, as an ONNX file.</param>
    /// <param name="cancellation">Cancels the training, between steps.</param>
    /// <returns>The network as an ONNX file.</returns>
    public static byte[] Train(
        ProposalNetwork network, IReadOnlyList<byte[]> faces, Backgrounds? backgrounds, DetectorTrainerOptions options,
        Action<DetectorProgress>? progress, Action<byte[]>? snapshot, CancellationToken cancellation)
    {
        using var optimizer = new OptimizerStep(network, options.LearningRate, options.ProposalSteps);
        var (hard, composer) = (new HardNegatives(), new SceneComposer(faces, backgrounds));
        using var objective = new ProposalObjective();
        var batches = new SceneBatch[] { new(options.BatchSize), new(options.BatchSize) };
        var (watch, report) = (Stopwatch.StartNew(), new DetectorProgress("proposals", 0, options.ProposalSteps, 0, 0, 0, 0));
        network.train();
        // The next batch is composed while the network trains on this one.
        var next = Task.Run(() => Compose(0), CancellationToken.None);
        try
        {
            for (var step = 0; step < options.ProposalSteps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                var batch = next.GetAwaiter().GetResult();
                var following = step + 1;
                next = Task.Run(() => Compose(following), CancellationToken.None);
                using var scope = NewDisposeScope();
                var answers = network.forward(tensor(batch.Pixels, [batch.Size, 1, Scene.Side, Scene.Side]));
                var result = objective.Compute(answers, tensor(batch.Answers, [batch.Size, FaceGrid.Values, Scene.Places]));
                var loss = optimizer.Step(result.Loss, step);
                for (var i = 0; i < batch.Size; i++)
                    if (result.Worst[i] > HardNegativeThreshold && batch.Backgrounds[i] is { } part)
                        hard.Add(part);
                report = report.Next(
                    loss, result.Found, (double)result.Worst.Count(score => score > FalsePositiveThreshold) / batch.Size,
                    following * batch.Size / watch.Elapsed.TotalSeconds);
                progress?.Invoke(report);
                if (snapshot is not null && following % SnapshotEvery == 0)
                    snapshot(optimizer.Averaged(network.Export));
            }
        }
        finally
        {
            next.Wait(CancellationToken.None);
        }
        return optimizer.Averaged(network.Export);

        SceneBatch Compose(int step)
        {
            var batch = batches[step % batches.Length];
            for (var i = 0; i < batch.Size; i++)
            {
                var random = new RandomStream(options.Seed, RandomPurpose.Scene, step, i);
                batch.Fill(i, composer, ref random, hard.Draw(ref random));
            }
            return batch;
        }
    }
}
