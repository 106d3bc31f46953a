using System.Diagnostics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// Trains a network: batches, forward, loss, backward, step; after each epoch it validates, reports, and keeps the weights if they
/// are the best so far. It ends with the best weights in the network.
/// </summary>
internal sealed class TrainingLoop(FaceNetwork network, TrainingSet set, EmotionTrainerOptions options)
{
    private const int ValidationBatch = 64;

    private readonly List<EpochReport> _history = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <returns>A report for each completed epoch.</returns>
    public IReadOnlyList<EpochReport> Run()
    {
        if (options.Threads > 0)
            set_num_threads(options.Threads);
        using var optimizer = optim.Adam(network.parameters(), options.LearningRate);
        var order = new Random(options.Seed);
        EpochReport? best = null;
        WeightSnapshot? bestWeights = null;
        try
        {
            for (var epoch = 1; epoch <= options.Epochs; epoch++)
            {
                var report = TrainEpoch(epoch, optimizer, order);
                if (set.Validation.Length > 0)
                {
                    var (loss, accuracy) = Validate();
                    report = report with { ValidationLoss = loss, ValidationAccuracy = accuracy };
                }
                report = report with { IsBest = IsBetter(report, best), Seconds = _watch.Elapsed.TotalSeconds };
                if (report.IsBest)
                {
                    best = report;
                    bestWeights?.Dispose();
                    bestWeights = WeightSnapshot.Of(network);
                }
                _history.Add(report);
                options.EpochProgress?.Report(report);
                if (options.EarlyStoppingPatience > 0 && epoch - best!.Epoch >= options.EarlyStoppingPatience)
                    break;
            }
        }
        catch (OperationCanceledException) when (options.KeepBestOnCancel && best is not null)
        {
            // The best epoch so far is what was asked for.
        }
        finally
        {
            bestWeights?.RestoreTo(network);
            bestWeights?.Dispose();
        }
        network.eval();
        return _history;
    }

    private EpochReport TrainEpoch(int epoch, optim.Optimizer optimizer, Random random)
    {
        var started = _watch.Elapsed;
        var order = set.Training.ToArray();
        random.Shuffle(order);
        var steps = (order.Length + options.BatchSize - 1) / options.BatchSize;
        var (lossSum, correct, seen) = (0.0, 0L, 0);
        network.train();
        for (var step = 0; step < steps; step++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (faces, labels, count) = Batch(order, step * options.BatchSize, options.BatchSize);

            var logits = network.forward(faces);
            var loss = functional.cross_entropy(logits, labels);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();

            var value = loss.item<float>();
            if (!float.IsFinite(value))
                throw new TrainingException($"The loss is {value} at epoch {epoch}, step {step + 1} of {steps}: training diverged. Lower the learning rate ({options.LearningRate}).");
            lossSum += value * count;
            correct += logits.argmax(1).eq(labels).sum().item<long>();
            seen += count;
            options.StepProgress?.Report(new StepReport(epoch, step + 1, steps, lossSum / seen));
        }
        var seconds = (_watch.Elapsed - started).TotalSeconds;
        return new EpochReport(epoch, lossSum / seen, (double)correct / seen, null, null, options.LearningRate, seen / seconds, 0, false);
    }

    private (double Loss, double Accuracy) Validate()
    {
        using var noGrad = no_grad();
        network.eval();
        var (lossSum, correct) = (0.0, 0L);
        for (var first = 0; first < set.Validation.Length; first += ValidationBatch)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (faces, labels, _) = Batch(set.Validation, first, ValidationBatch);
            var logits = network.forward(faces);
            lossSum += functional.cross_entropy(logits, labels, reduction: Reduction.Sum).item<float>();
            correct += logits.argmax(1).eq(labels).sum().item<long>();
        }
        return (lossSum / set.Validation.Length, (double)correct / set.Validation.Length);
    }

    private (Tensor Faces, Tensor Labels, int Count) Batch(long[] order, int first, int size)
    {
        var rows = order.AsSpan(first, Math.Min(size, order.Length - first)).ToArray();
        var positions = tensor(rows);
        var faces = set.Pixels.index_select(0, positions).to(ScalarType.Float32).view(-1, 1, FaceResampler.Side, FaceResampler.Side);
        return (faces, set.Labels.index_select(0, positions), rows.Length);
    }

    private static bool IsBetter(EpochReport report, EpochReport? best) =>
        best is null || report.ValidationAccuracy is null
        || (report.ValidationAccuracy, -report.ValidationLoss!).CompareTo((best.ValidationAccuracy, -best.ValidationLoss!)) > 0;
}
