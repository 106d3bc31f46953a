using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Trains a network. After each epoch it validates, reports, writes a checkpoint, and keeps the weights if they are the best. At the end,
/// the network has the weights to keep.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly FaceNetwork _network;
    private readonly TrainingSet _set;
    private readonly EmotionTrainerOptions _options;
    private readonly TrainingExecutionOptions _execution;
    private readonly Device _device;
    private readonly ScalarType _computeType;
    private readonly DataLoader _feed;
    private readonly TrainingStep _step;
    private readonly ComputeThreads _threads;
    private readonly int _stepsBetweenReadings;
    private readonly CheckpointFolder? _checkpoints;
    private readonly TrainingSignature? _signature;
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();

    private TrainingState _state;
    private WeightSnapshot? _best;

    /// <param name="network">The network, on its device, with its compute type set.</param>
    /// <param name="set">The faces.</param>
    /// <param name="options">How to train; validated.</param>
    /// <param name="device">The network's device.</param>
    /// <param name="threads">Controls libtorch's compute threads.</param>
    public TrainingLoop(FaceNetwork network, TrainingSet set, EmotionTrainerOptions options, Device device, ComputeThreads threads)
    {
        _threads = threads;
        (_network, _set, _options, _execution, _device, _computeType) =
            (network, set, options, options.Execution, device, network.ComputeType);
        _feed = new DataLoader(set, options, DataLoader.ThreadsFor(options.Execution, device));
        _stepsBetweenReadings = TrainingMeter.StepsBetweenReadings(options.Execution, device);
        _step = new TrainingStep(network, options, set.ClassCounts(), device);
        _checkpoints = options.Execution.CheckpointFolder is { } folder ? new CheckpointFolder(folder) : null;
        _signature = _checkpoints is null ? null : TrainingSignature.Of(network, set, options);
        _state = new TrainingState { HeldOut = set.ValidationKeys };
    }

    /// <returns>A report for each completed epoch.</returns>
    /// <exception cref="TrainingException">Training diverged.</exception>
    /// <exception cref="CheckpointException">A checkpoint can't be written or resumed from.</exception>
    public IReadOnlyList<EpochReport> Run()
    {
        Continue();
        try
        {
            while (!IsComplete)
            {
                TrainEpoch();
                EndEpoch();
            }
        }
        catch (OperationCanceledException)
        {
            _state = ReadMeter(LearningRateAt(_state.Step));
            // Saves the progress, even if the caller gets no model.
            Save();
            if (!_execution.KeepBestOnCancel || _state.History.IsEmpty)
                throw;
        }
        _best?.RestoreTo(_network);
        _network.eval();
        return _state.History;
    }

    private bool IsComplete => _state.Epoch > _options.Epochs
        || (_options.EarlyStoppingPatience > 0 && Best is { } best && _state.History.Length - best.Epoch >= _options.EarlyStoppingPatience);

    private EpochReport? Best => _state.History.LastOrDefault(report => report.IsBest);

    private void TrainEpoch()
    {
        var state = _state;
        var before = state.Seconds;
        var watch = Stopwatch.StartNew();
        _network.train();
        foreach (var batch in _feed.Epoch(state.Epoch, state.Step))
        {
            _execution.CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var rate = LearningRateAt(state.Step);
            manual_seed((long)new RandomStream(_options.Seed, RandomPurpose.Dropout, state.Epoch, state.Step).Next());

            _step.Run(batch, rate);
            if (_device.type == TorchSharp.DeviceType.CPU)
                _threads.Observe();

            _state = state = state with { Step = state.Step + 1 };
            var isLast = state.Step == _feed.Steps;
            var isSaved = !isLast && _checkpoints is not null && _sinceCheckpoint.Elapsed.TotalMinutes >= _execution.CheckpointMinutes;
            if (!isLast && !isSaved && state.Step % _stepsBetweenReadings != 0)
                continue;
            state = ReadMeter(rate);
            var elapsed = watch.Elapsed.TotalSeconds;
            _state = state = state with { EpochSeconds = state.EpochSeconds + elapsed, Seconds = before + elapsed };
            before = state.Seconds;
            watch.Restart();
            Report(rate);
            if (isSaved)
                Save();
        }
    }

    /// <summary>The state, updated with the meter's values.</summary>
    /// <exception cref="TrainingException">The loss isn't a finite number.</exception>
    private TrainingState ReadMeter(double rate)
    {
        var (lossSum, correct, seen) = _step.Meter.Read();
        if (!double.IsFinite(lossSum))
        {
            var steps = _stepsBetweenReadings == 1 ? $"step {_state.Step}"
                : $"one of the {Math.Min(_stepsBetweenReadings, _state.Step)} steps to {_state.Step}";
            throw new TrainingException(
                $"The loss is {lossSum.Invariant()} at epoch {_state.Epoch}, {steps} of {_feed.Steps}: training diverged. Lower the "
                    + $"learning rate ({rate.Invariant("G3")} there), warm it up, or clip "
                        + $"gradients{(_checkpoints is null ? "" : "; the last checkpoint is from before that")}.");
        }
        return _state with
        {
            LossSum = _state.LossSum + lossSum,
            Correct = _state.Correct + correct,
            Seen = _state.Seen + seen,
        };
    }

    private void EndEpoch()
    {
        var watch = Stopwatch.StartNew();
        using var plain = _step.Ema is null ? null : WeightSnapshot.Of(_network);
        EpochReport report;
        try
        {
            _step.Ema?.CopyToModel();
            var (loss, accuracy) = Validate();
            report = new EpochReport(
                _state.Epoch, _state.LossSum / _state.Seen, (double)_state.Correct / _state.Seen, loss, accuracy,
                LearningRateAt(_feed.Steps - 1), _state.Seen / _state.EpochSeconds, _state.Seconds + watch.Elapsed.TotalSeconds,
                IsBest: false);
            report = report with { IsBest = IsBetter(report) };
            if (report.IsBest)
            {
                _best?.Dispose();
                _best = WeightSnapshot.Of(_network);
            }
        }
        finally
        {
            // Also on cancellation: checkpoints contain the weights, not their average.
            plain?.RestoreTo(_network);
            _network.ComputeType = _computeType;
        }
        _state = new TrainingState
        {
            Epoch = _state.Epoch + 1,
            Seconds = report.Seconds,
            HeldOut = _state.HeldOut,
            History = _state.History.Add(report),
        };
        Save();
        _execution.EpochProgress?.Report(report);
    }

    /// <summary>Validates in float32, as the saved model computes.</summary>
    /// <returns>Log-loss and accuracy; null without a validation split.</returns>
    private (double? Loss, double? Accuracy) Validate()
    {
        if (_set.Validation.Length == 0)
            return (null, null);
        var (lossSum, correct) = (0.0, 0);
        var logits = NetworkScores.Logits(
            _network, _set, _set.Validation, AugmentedView.Center(_options.CropSize), _device, _execution.CancellationToken);
        var scores = TemperatureScaling.Scores(logits, _set.Classes);
        for (var i = 0; i < _set.Validation.Length; i++)
        {
            var row = scores.AsSpan(i * _set.Classes, _set.Classes);
            var label = _set.Labels[_set.Validation[i]];
            lossSum -= Math.Log(Math.Max(1e-15, row[label]));
            correct += TensorPrimitives.IndexOfMax<float>(row) == label ? 1 : 0;
        }
        return (lossSum / _set.Validation.Length, (double)correct / _set.Validation.Length);
    }

    private double LearningRateAt(int step) =>
        LearningRatePlan.At(_options, _state.Epoch - 1 + (double)step / _feed.Steps, _state.History, 1.0 / _feed.Steps);

    private bool IsBetter(EpochReport report) =>
        Best is not { } best || _options.KeepLastEpoch || report.ValidationAccuracy is null
        || (report.ValidationAccuracy, -report.ValidationLoss!).CompareTo((best.ValidationAccuracy, -best.ValidationLoss!)) > 0;

    private void Report(double rate)
    {
        if (_execution.StepProgress is null)
            return;
        var left = (_options.Epochs - _state.Epoch) * (double)_feed.Steps + _feed.Steps - _state.Step;
        _execution.StepProgress.Report(new StepReport(
            _state.Epoch, _state.Step, _feed.Steps, _state.LossSum / _state.Seen, (double)_state.Correct / _state.Seen,
            rate, _state.Seen / _state.EpochSeconds, left * _state.EpochSeconds / _state.Step, _threads.Now));
    }

    private void Save()
    {
        if (_checkpoints is null)
            return;
        using var checkpoint = Checkpoints.Take(_signature!, _state with
        {
            OptimizerSteps = _step.Optimizer.Steps,
            EmaUpdates = _step.Ema?.Updates ?? 0,
        }, _network, _step, _best);
        _checkpoints.Save(checkpoint);
        _sinceCheckpoint.Restart();
    }

    private void Continue()
    {
        if (!_execution.Resume)
        {
            if (_checkpoints is { HasCheckpoint: true })
                throw new CheckpointException(
                    $"{_checkpoints} holds the checkpoint of an earlier training; continue it with Execution.Resume, or give another "
                        + $"folder.");
            return;
        }
        // Without a checkpoint, as after a kill before the first one, training starts from the beginning.
        IReadOnlyList<string> differences = [];
        if (_checkpoints!.Load(Check) is not { } checkpoint)
            return;
        using (checkpoint)
        {
            if (differences.Count > 0)
                throw new CheckpointException(
                    $"The checkpoint in {_checkpoints} is of another training: {string.Join("; ", differences)}. Resume with the "
                        + $"options and data it was started with, or give another folder.");
            _state = checkpoint.State with { HeldOut = _state.HeldOut };
            _best = Checkpoints.Restore(checkpoint, _network, _step, _device);
        }

        // Records how another training differs. Throws if no training can resume from it, so that the previous one is used.
        void Check(Checkpoint read)
        {
            try
            {
                differences = _signature!.DifferencesFrom(TrainingSignature.Parse(read.Signature));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new InvalidDataException($"its training signature can't be read: {e.Message}", e);
            }
            if (differences.Count > 0)
                return;
            Checkpoints.Check(read, _network, _step);
            if (read.State.Step > _feed.Steps)
                throw new InvalidDataException($"it is at step {read.State.Step} of {_feed.Steps}");
        }
    }

    public void Dispose()
    {
        _step.Dispose();
        _best?.Dispose();
    }
}
