using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Makes the batches of an epoch: shuffling or sampling, augmentation, mixing. It prepares batches on other threads while the network
/// trains on the previous one. A batch is a function of (seed, epoch, step), so an epoch can start at any step.
/// </summary>
internal sealed class DataLoader
{
    private readonly TrainingSet _set;
    private readonly EmotionTrainerOptions _options;
    private readonly FaceAugmenter _augmenter;
    private readonly Batch[] _buffers;

    /// <param name="set">The faces.</param>
    /// <param name="options">How to train; validated.</param>
    /// <param name="threads">Number of batches to prepare concurrently, one per thread; it doesn't affect their content.</param>
    public DataLoader(TrainingSet set, EmotionTrainerOptions options, int threads = 1)
    {
        (_set, _options) = (set, options);
        _augmenter = Augmenter(options.Augmentation, options.CropSize, options.Seed);
        // One batch in training, and those being prepared.
        _buffers = [.. Enumerable.Range(0, threads + 1).Select(_ => new Batch(options.BatchSize, set.TargetWidth))];
    }

    /// <summary>
    /// The requested number of threads, or a default: one on a CPU, which is busy training; up to eight for a GPU, so that it doesn't wait.
    /// </summary>
    public static int ThreadsFor(TrainingExecutionOptions execution, Device device) => execution.FeedThreads switch
    {
        > 0 and var threads => threads,
        _ => device.type == DeviceType.CPU ? 1 : Math.Clamp(Environment.ProcessorCount - 1, 1, 8),
    };

    /// <summary>Steps in an epoch.</summary>
    public int Steps => (_set.Training.Length * _options.ViewsPerFace + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>Creates the augmenter. With crops, the maximum shift is the margin around the crop, whatever the options say.</summary>
    public static FaceAugmenter Augmenter(AugmentationOptions? options, int cropSize, int seed) => new(
        options is not null && cropSize < FaceResampler.Side ? options with { Shift = (FaceResampler.Side - cropSize) / 2.0 } : options,
        seed);

    /// <summary>The batches of an epoch, starting at a step. A batch is valid until the next one is requested.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="firstStep">The first step, from 0.</param>
    public IEnumerable<Batch> Epoch(int epoch, int firstStep = 0)
    {
        var order = Order(epoch);
        var side = SideOf(epoch);
        var ahead = new Queue<Task<Batch>>();
        var next = firstStep;
        for (var step = firstStep; step < Steps; step++)
        {
            // The previous batch's buffer is free again: the caller is done with it when it requests the next batch.
            while (next < Math.Min(Steps, step + _buffers.Length))
                ahead.Enqueue(Compose(next++));
            yield return ahead.Dequeue().GetAwaiter().GetResult();
        }

        Task<Batch> Compose(int step) => Task.Run(() => Fill(_buffers[step % _buffers.Length], order, epoch, step, side));
    }

    /// <summary>
    /// Width and height of the faces in an epoch: they grow evenly from <see cref="EmotionTrainerOptions.InitialImageSize"/> to 48 over the
    /// first half of the training, in steps of 8.
    /// </summary>
    public int SideOf(int epoch)
    {
        var start = _options.InitialImageSize;
        var share = Math.Min(1, 2.0 * (epoch - 1) / _options.Epochs);
        var sizes = (FaceResampler.Side - start) / 8;
        return start + 8 * Math.Min(sizes, (int)(share * (sizes + 1)));
    }

    /// <summary>
    /// The order of an epoch's faces: all of them, shuffled, once for each view per face; or the same number drawn by class-balanced
    /// sampling.
    /// </summary>
    private int[] Order(int epoch)
    {
        var random = new RandomStream(_options.Seed, RandomPurpose.Order, epoch);
        if (_options.BalancedSampling == 0)
        {
            var order = new int[_set.Training.Length * _options.ViewsPerFace];
            for (var first = 0; first < order.Length; first += _set.Training.Length)
            {
                var round = order.AsSpan(first, _set.Training.Length);
                _set.Training.CopyTo(round);
                random.Shuffle(round);
            }
            return order;
        }
        var counts = _set.ClassCounts();
        var running = new double[_set.Training.Length];
        var sum = 0.0;
        for (var i = 0; i < running.Length; i++)
            running[i] = sum += Math.Pow(counts[_set.Labels[_set.Training[i]]], -_options.BalancedSampling);
        var drawn = new int[running.Length * _options.ViewsPerFace];
        for (var i = 0; i < drawn.Length; i++)
        {
            var found = Array.BinarySearch(running, random.NextDouble() * sum);
            drawn[i] = _set.Training[Math.Min(found < 0 ? ~found : found + 1, running.Length - 1)];
        }
        return drawn;
    }

    private Batch Fill(Batch batch, int[] order, int epoch, int step, int side)
    {
        var first = step * _options.BatchSize;
        var (count, classes) = (Math.Min(_options.BatchSize, order.Length - first), _set.TargetWidth);
        var crop = Math.Min(side, _options.CropSize);
        (batch.Count, batch.ImageSize) = (count, crop);
        for (var i = 0; i < count; i++)
        {
            var (face, place) = (order[first + i], first + i);
            var pixels = batch.Pixels.AsSpan(i * crop * crop, crop * crop);
            var targets = batch.Targets.AsSpan(i * classes, classes);
            // The center crop of a shifted face is a random crop, since the shift is up to the full margin.
            var uncropped = crop == side ? pixels : batch.Uncropped;
            _set.TargetsOf(face).CopyTo(targets);
            // A face that can occur twice in an epoch gets a different augmentation each time, by its position in the epoch.
            var number = _options is { BalancedSampling: 0, ViewsPerFace: 1 } ? face : (long)place << 32 | (uint)face;
            _augmenter.Render(_set.PixelsOf(face), epoch, number, side, uncropped);
            if (crop < side)
                Crop(uncropped, side, pixels, crop);
            batch.Labels[i] = _set.Labels[face];
        }
        if (_options.Augmentation is { } augmentation)
            FaceMixer.Mix(batch, augmentation, new RandomStream(_options.Seed, RandomPurpose.Mixup, epoch, step));
        return batch;
    }

    private static void Crop(ReadOnlySpan<float> uncropped, int side, Span<float> middle, int crop)
    {
        var margin = (side - crop) / 2;
        for (var y = 0; y < crop; y++)
            uncropped.Slice((margin + y) * side + margin, crop).CopyTo(middle[(y * crop)..]);
    }
}
