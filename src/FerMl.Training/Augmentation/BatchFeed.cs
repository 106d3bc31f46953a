namespace FerMl.Training;

/// <summary>
/// Makes the batches of an epoch: order or draw, changes, blends. Each is made on another thread while the network works on the one before.
/// A batch is a function of (seed, epoch, step), so an epoch can be entered at any step.
/// </summary>
internal sealed class BatchFeed
{
    private readonly TrainingSet _set;
    private readonly EmotionTrainerOptions _options;
    private readonly FaceAugmenter _augmenter;
    private readonly Batch[] _buffers;

    public BatchFeed(TrainingSet set, EmotionTrainerOptions options)
    {
        (_set, _options) = (set, options);
        _augmenter = new FaceAugmenter(options.Augmentation, options.Seed);
        _buffers = [new Batch(options.BatchSize, set.Classes), new Batch(options.BatchSize, set.Classes)];
    }

    /// <summary>Steps in an epoch.</summary>
    public int Steps => (_set.Training.Length + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>The batches of an epoch from a step on. A batch is valid until the next is asked for.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="firstStep">The step to begin with, from 0.</param>
    public IEnumerable<Batch> Epoch(int epoch, int firstStep = 0)
    {
        var order = Order(epoch);
        var side = SideOf(epoch);
        Task<Batch>? next = null;
        for (var step = firstStep; step < Steps; step++)
        {
            var current = (next ?? Compose(step)).GetAwaiter().GetResult();
            next = step + 1 < Steps ? Compose(step + 1) : null;
            yield return current;
        }

        Task<Batch> Compose(int step) => Task.Run(() => Fill(_buffers[step % 2], order, epoch, step, side));
    }

    /// <summary>
    /// Width and height of an epoch's faces: growing evenly from <see cref="EmotionTrainerOptions.InitialImageSize"/> to 48 over the first
    /// half of the training, in steps of 8.
    /// </summary>
    public int SideOf(int epoch)
    {
        var start = _options.InitialImageSize;
        var share = Math.Min(1, 2.0 * (epoch - 1) / _options.Epochs);
        var sizes = (FaceResampler.Side - start) / 8;
        return start + 8 * Math.Min(sizes, (int)(share * (sizes + 1)));
    }

    /// <summary>The faces of an epoch in order: every one once, or as many drawn with the classes evened out.</summary>
    private int[] Order(int epoch)
    {
        var random = new RandomStream(_options.Seed, RandomPurpose.Order, epoch);
        if (_options.BalancedSampling == 0)
        {
            var order = _set.Training.ToArray();
            random.Shuffle<int>(order);
            return order;
        }
        var counts = _set.ClassCounts();
        var running = new double[_set.Training.Length];
        var sum = 0.0;
        for (var i = 0; i < running.Length; i++)
            running[i] = sum += Math.Pow(counts[_set.Labels[_set.Training[i]]], -_options.BalancedSampling);
        var drawn = new int[running.Length];
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
        var (count, classes, pixels) = (Math.Min(_options.BatchSize, order.Length - first), _set.Classes, side * side);
        (batch.Count, batch.ImageSize) = (count, side);
        for (var i = 0; i < count; i++)
        {
            var face = order[first + i];
            // With drawing, a face can come twice in an epoch; its place makes it a different image each time.
            var number = _options.BalancedSampling == 0 ? face : (long)(first + i) << 32 | (uint)face;
            _augmenter.Render(_set.PixelsOf(face), epoch, number, side, batch.Pixels.AsSpan(i * pixels, pixels));
            _set.TargetsOf(face).CopyTo(batch.Targets.AsSpan(i * classes, classes));
            batch.Labels[i] = _set.Labels[face];
        }
        if (_options.Augmentation?.MixupAlpha > 0)
            Mix(batch, classes, _options.Augmentation.MixupAlpha, new RandomStream(_options.Seed, RandomPurpose.Mixup, epoch, step));
        return batch;
    }

    /// <summary>
    /// Blends each face with the one at the batch's other end. The share is drawn by Jöhnk's method for the beta distribution.
    /// </summary>
    private static void Mix(Batch batch, int classes, double alpha, RandomStream random)
    {
        double x, y;
        do
            (x, y) = (Math.Pow(random.NextDouble(), 1 / alpha), Math.Pow(random.NextDouble(), 1 / alpha));
        while (x + y is > 1 or 0);
        // At least a half, so that the own label stays the larger part.
        var share = (float)Math.Max(x / (x + y), y / (x + y));
        Blend(batch.Pixels, batch.ImageSize * batch.ImageSize);
        Blend(batch.Targets, classes);

        void Blend(float[] rows, int width)
        {
            for (var (i, j) = (0, batch.Count - 1); i < j; i++, j--)
            {
                var one = rows.AsSpan(i * width, width);
                var other = rows.AsSpan(j * width, width);
                for (var k = 0; k < width; k++)
                    (one[k], other[k]) = (share * one[k] + (1 - share) * other[k], share * other[k] + (1 - share) * one[k]);
            }
        }
    }
}
