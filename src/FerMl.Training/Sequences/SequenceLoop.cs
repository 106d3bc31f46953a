using System.Diagnostics;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>Trains a network over the frames of clips with AdamW and a cosine schedule, and keeps the best epoch.</summary>
/// <param name="network">The network.</param>
/// <param name="clips">The clips' features. The caller must have an open dispose scope.</param>
/// <param name="options">The training options.</param>
internal sealed class SequenceLoop(LayerStack network, ClipFeatures clips, SequenceTrainerOptions options)
{
    private readonly Tensor _values = tensor(clips.Values, [clips.Classes.Length, clips.Frames, clips.Width]);
    private readonly Tensor _classes = Numbers64(clips.Classes);

    /// <summary>Trains the network; afterwards it has the weights of the best epoch.</summary>
    /// <param name="trained">The clips to train on; they are shuffled.</param>
    /// <param name="held">The validation clips; may be empty.</param>
    /// <exception cref="TrainingException">Training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was canceled.</exception>
    public List<EpochReport> Run(int[] trained, int[] held)
    {
        var training = new EmotionTrainerOptions
        {
            Optimizer = OptimizerKind.AdamW,
            WeightDecay = options.WeightDecay,
        };
        using var weights = new FlatWeights(network);
        using var optimizer = new WeightOptimizer(weights, training);
        var history = new List<EpochReport>();
        using var best = weights.All.detach().clone();
        var random = new Random(options.Seed);
        var start = Stopwatch.GetTimestamp();
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var begun = Stopwatch.GetTimestamp();
            random.Shuffle(trained);
            network.train();
            var (loss, right, rate) = (0.0, 0L, 0.0);
            foreach (var (number, batch) in trained.Chunk(options.BatchSize).Index())
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                var done = (epoch - 1 + (double)number * options.BatchSize / trained.Length) / options.Epochs;
                rate = options.LearningRate * (1 + Math.Cos(Math.PI * done)) / 2;
                using var step = NewDisposeScope();
                var chosen = Numbers64(batch);
                var (input, truth) = (_values.index_select(0, chosen), _classes.index_select(0, chosen));
                optimizer.ZeroGradients();
                var logits = network.forward(input);
                var error = nn.functional.cross_entropy(logits, truth);
                error.backward();
                optimizer.Step(rate);
                loss += error.item<float>() * batch.Length;
                right += logits.argmax(1).eq(truth).sum().item<long>();
            }
            if (!double.IsFinite(loss))
                throw new TrainingException(
                    $"Training diverged in epoch {epoch}: the loss is not a number. Try a learning rate below "
                        + $"{options.LearningRate.Invariant()}.");
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var (heldLoss, heldAccuracy) = Measure(held);
            var isBest = heldAccuracy is null || history.TrueForAll(former =>
                (heldAccuracy, -heldLoss).CompareTo((former.ValidationAccuracy, -former.ValidationLoss)) > 0);
            if (isBest)
                using (no_grad())
                    best.copy_(weights.All);
            history.Add(new EpochReport(
                epoch, loss / trained.Length, (double)right / trained.Length, heldLoss, heldAccuracy, rate, trained.Length / seconds,
                Stopwatch.GetElapsedTime(start).TotalSeconds, isBest));
            options.EpochProgress?.Report(history[^1]);
        }
        using (no_grad())
            weights.All.copy_(best);
        return history;
    }

    private (double? Loss, double? Accuracy) Measure(int[] held)
    {
        if (held.Length == 0)
            return (null, null);
        network.eval();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var chosen = Numbers64(held);
        var (logits, truth) = (network.forward(_values.index_select(0, chosen)), _classes.index_select(0, chosen));
        return (
            nn.functional.cross_entropy(logits, truth).item<float>(),
            logits.argmax(1).eq(truth).sum().item<long>() / (double)held.Length);
    }

    /// <summary>The logits of clips, [clips * classes].</summary>
    public float[] Logits(int[] chosen)
    {
        network.eval();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return network.forward(_values.index_select(0, Numbers64(chosen))).contiguous().data<float>().ToArray();
    }

    private static Tensor Numbers64(int[] numbers) => tensor(Array.ConvertAll(numbers, number => (long)number));
}
