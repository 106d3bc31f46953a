using System.Diagnostics;
using FerMl.Training;
using FerMl.Vision;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Detection;

/// <summary>Trains the network that verifies faces, on the trained first network's proposals in scenes.</summary>
internal static class VerificationTrainer
{
    // A negative with a higher logit makes its background a hard negative.
    private const float HardNegativeThreshold = -0.5f;

    /// <summary>Trains the network.</summary>
    /// <param name="network">The network, initialized or pretrained.</param>
    /// <param name="proposals">The first network, as an ONNX file.</param>
    /// <param name="faces">Faces, 2,304 pixel values each.</param>
    /// <param name="backgrounds">Images without faces, or null for generated textures.</param>
    /// <param name="options">The options.</param>
    /// <param name="progress">Receives the progress of each step.</param>
    /// <param name="cancellation">Cancels the training, between steps.</param>
    /// <returns>The network as an ONNX file.</returns>
    public static byte[] Train(
        VerificationNetwork network, byte[] proposals, IReadOnlyList<byte[]> faces, Backgrounds? backgrounds,
            DetectorTrainerOptions options,
        Action<DetectorProgress>? progress, CancellationToken cancellation)
    {
        using var optimizer = new OptimizerStep(network, options.LearningRate, options.VerificationSteps);
        using var proposer = new FaceProposer(proposals, "the proposals");
        var (hard, composer, crops, scene) =
            (new HardNegatives(), new SceneComposer(faces, backgrounds), new ProposedCrops(proposer), new Scene());
        var batches = new VerificationBatch[] { new(), new() };
        var scenes = 0L;
        var (watch, report) = (Stopwatch.StartNew(), new DetectorProgress("verification", 0, options.VerificationSteps, 0, 0, 0, 0));
        network.train();
        var next = Task.Run(() => Compose(0), CancellationToken.None);
        try
        {
            for (var step = 0; step < options.VerificationSteps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                var batch = next.GetAwaiter().GetResult();
                var following = step + 1;
                next = Task.Run(() => Compose(following), CancellationToken.None);
                using var scope = NewDisposeScope();
                var logits = network.forward(tensor(batch.Pixels, [VerificationBatch.Size, 1, FaceResampler.Side,
                    FaceResampler.Side])).flatten();
                var loss = optimizer.Step(functional.binary_cross_entropy_with_logits(logits, tensor(batch.Targets)), step);
                var scores = logits.detach().data<float>().ToArray();
                var (found, positives) = (0, 0);
                for (var i = 0; i < VerificationBatch.Size; i++)
                {
                    var isFace = batch.Targets[i] > 0;
                    found += isFace && scores[i] > 0 ? 1 : 0;
                    positives += !isFace && scores[i] > 0 ? 1 : 0;
                    if (!isFace && scores[i] > HardNegativeThreshold && batch.Backgrounds[i] is { } part)
                        hard.Add(part);
                }
                report = report.Next(
                    loss, found * 2.0 / VerificationBatch.Size, positives * 2.0 / VerificationBatch.Size,
                    Interlocked.Read(ref scenes) / watch.Elapsed.TotalSeconds);
                progress?.Invoke(report);
            }
        }
        finally
        {
            next.Wait(CancellationToken.None);
        }
        return optimizer.Averaged(network.Export);

        VerificationBatch Compose(int step)
        {
            const int half = VerificationBatch.Size / 2;
            var batch = batches[step % batches.Length];
            var (faceCount, otherCount) = (0, 0);
            while (faceCount < half || otherCount < half)
            {
                var random = new RandomStream(options.Seed + 1, RandomPurpose.Scene, 0, Interlocked.Increment(ref scenes));
                composer.Compose(scene, ref random, hard.Draw(ref random));
                foreach (var (face, isFace) in crops.Of(scene, random))
                    if (isFace && faceCount < half)
                        batch.Set(2 * faceCount++, face, true, scene.Background);
                    else if (!isFace && otherCount < half)
                        batch.Set(2 * otherCount++ + 1, face, false, scene.Background);
            }
            return batch;
        }
    }
}
