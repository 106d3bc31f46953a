using System.Diagnostics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Benchmarking;

/// <summary>
/// Measures the speed of training steps: a plain TorchSharp loop, FerMl in float32 and FerMl in bfloat16, on the same network and batch;
/// and the machine's fastest matrix products. The plain loop runs first, because it should use memory like a separate process, and the C
/// library doesn't return to that state after <see cref="RetainedMemory"/>. FerMl's two loops take turns.
/// </summary>
internal static class TrainingBenchmark
{
    private const int Classes = 7, StepsPerTurn = 6;

    // Fractions of the time at which the plain loop and then FerMl's loops end; the data loader gets the rest.
    private const double PlainShare = 0.35, OwnShare = 0.85;
    private static readonly int[] ProductSizes = [1024, 2048, 4096];

    /// <summary>
    /// After a product that takes this long, larger ones are skipped: without bfloat16 instructions the largest would take minutes and
    /// not be faster.
    /// </summary>
    private static readonly TimeSpan LongProduct = TimeSpan.FromSeconds(1);

    /// <summary>Runs the benchmark.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchSize">Batch size, at least 2.</param>
    /// <param name="seconds">Approximate duration in seconds, 1 to 3,600; the fastest step counts. Each part runs at least one
    /// step.</param>
    /// <param name="productSizes">Sizes of the square matrices for the matrix products. Default: large ones.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <param name="cancellation">Cancels the benchmark between steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static TrainingBenchmarkResult Run(
        NetworkDefinition network, int batchSize = 96, double seconds = 60, IReadOnlyList<int>? productSizes = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, 3_600);
        LibTorch.Require();
        using var scope = NewDisposeScope();
        manual_seed(0);
        var batch = RandomBatch(batchSize);
        var options = new EmotionTrainerOptions
        {
            Optimizer = OptimizerKind.Sgd,
            LearningRate = 0.01,
            BatchSize = batchSize,
            ValidationFraction = 0,
        };

        using var plain = new PlainLoop(network, batch);
        using var float32 = new OwnLoop(network, batch, options, ScalarType.Float32);
        // Without bfloat16 instructions a step takes a hundred times as long, which isn't worth measuring.
        using var bfloat16 = PrecisionChoice.HasFastBFloat16 ? new OwnLoop(network, batch, options, ScalarType.BFloat16) : null;
        double plainBest = double.MaxValue, floatBest = double.MaxValue, bfloatBest = double.MaxValue;
        double floatPeak = 0, bfloatPeak = 0;
        var watch = Stopwatch.StartNew();
        do
        {
            plainBest = Math.Min(plainBest, Best(plain.Step, PlainShare));
            MeasureProducts();
        }
        while (!IsPast(PlainShare));
        do
        {
            using (new RetainedMemory())
            {
                floatBest = Math.Min(floatBest, Best(float32.Step, OwnShare));
                if (bfloat16 is not null)
                    bfloatBest = Math.Min(bfloatBest, Best(bfloat16.Step, OwnShare));
            }
            MeasureProducts();
        }
        while (!IsPast(OwnShare));
        var feeds = FeedRates(batchSize, 1, cancellation);
        while (!IsPast(1))
            foreach (var (threads, rate) in FeedRates(batchSize, 1, cancellation))
                feeds[threads] = Math.Max(feeds[threads], rate);
        using var process = Process.GetCurrentProcess();
        return new TrainingBenchmarkResult(
            network.Name, network.MultiplyAdds, batchSize, get_num_threads(),
            batchSize / plainBest, batchSize / floatBest, bfloat16 is null ? null : batchSize / bfloatBest, floatPeak,
            bfloat16 is null ? null : bfloatPeak, feeds, process.PeakWorkingSet64 / (1024.0 * 1024));

        bool IsPast(double share) => watch.Elapsed.TotalSeconds >= share * seconds;

        void MeasureProducts()
        {
            floatPeak = Math.Max(floatPeak, ProductRate(ScalarType.Float32, productSizes ?? ProductSizes));
            if (bfloat16 is not null)
                bfloatPeak = Math.Max(bfloatPeak, ProductRate(ScalarType.BFloat16, productSizes ?? ProductSizes));
        }

        double Best(Action step, double share)
        {
            step();
            var best = double.MaxValue;
            for (var i = 0; i < StepsPerTurn && (i == 0 || !IsPast(share)); i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var started = Stopwatch.GetTimestamp();
                step();
                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
                progress?.Report(Math.Min(1, watch.Elapsed.TotalSeconds / seconds));
            }
            return best;
        }
    }

    /// <summary>Augmented faces per second by number of threads: 1, 2, 4 and so on up to the number of processors.</summary>
    private static Dictionary<int, double> FeedRates(int batchSize, int rounds, CancellationToken cancellation)
    {
        const int faces = 2048;
        var random = new Random(0);
        var pixels = new byte[faces * FaceResampler.PixelCount];
        random.NextBytes(pixels);
        var set = TrainingSet.Of(pixels, [.. Enumerable.Range(0, faces).Select(face => face % Classes)], Classes);
        // Augmentation as in most trainings, including mixup.
        var options = new EmotionTrainerOptions
        {
            BatchSize = Math.Min(batchSize, faces),
            Augmentation = new AugmentationOptions { MixupAlpha = 0.4 },
        };
        var rates = new Dictionary<int, double>();
        for (var threads = 1; threads <= Environment.ProcessorCount; threads *= 2)
        {
            var feed = new DataLoader(set, options, threads);
            for (var round = 1; round <= rounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                var started = Stopwatch.GetTimestamp();
                var made = feed.Epoch(round).Sum(batch => batch.Count);
                var rate = made / Stopwatch.GetElapsedTime(started).TotalSeconds;
                rates[threads] = Math.Max(rates.GetValueOrDefault(threads), rate);
            }
        }
        return rates;
    }

    private static Batch RandomBatch(int size)
    {
        var random = new Random(0);
        var batch = new Batch(size, Classes) { Count = size, ImageSize = FaceResampler.Side };
        for (var i = 0; i < batch.Pixels.Length; i++)
            batch.Pixels[i] = random.Next(256);
        for (var i = 0; i < size; i++)
            batch.Targets[i * Classes + (int)(batch.Labels[i] = random.Next(Classes))] = 1;
        return batch;
    }

    /// <summary>Rate of the fastest square matrix product, in billions of floating-point operations per second.</summary>
    private static double ProductRate(ScalarType type, IReadOnlyList<int> sizes)
    {
        var best = 0.0;
        foreach (var size in sizes)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var (left, right) = (randn(size, size).to(type), randn(size, size).to(type));
            for (var i = 0; i < 4; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var product = left.matmul(right);
                var elapsed = Stopwatch.GetElapsedTime(started);
                best = Math.Max(best, 2.0 * size * size * size / elapsed.TotalSeconds / 1e9);
                if (elapsed > LongProduct)
                    return best;
            }
        }
        return best;
    }

    private sealed class PlainLoop : IDisposable
    {
        private readonly PlainNetwork _network;
        private readonly optim.Optimizer _optimizer;
        private readonly Tensor _faces;
        private readonly Tensor _labels;

        public PlainLoop(NetworkDefinition definition, Batch batch)
        {
            _network = new PlainNetwork(definition, Classes);
            _optimizer = optim.SGD(_network.parameters(), 0.01, momentum: 0.9, nesterov: true);
            _faces = tensor(batch.Pixels, [batch.Count, 1, batch.ImageSize, batch.ImageSize]) / 255;
            _labels = tensor(batch.Labels);
        }

        public void Step()
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            var loss = functional.cross_entropy(_network.forward(_faces), _labels);
            loss.backward();
            _optimizer.step();
            loss.item<float>();
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _network.Dispose();
            _faces.Dispose();
            _labels.Dispose();
        }
    }

    private sealed class OwnLoop : IDisposable
    {
        private readonly FaceNetwork _network;
        private readonly TrainingStep _step;
        private readonly Batch _batch;

        public OwnLoop(NetworkDefinition definition, Batch batch, EmotionTrainerOptions options, ScalarType type)
        {
            _network = new FaceNetwork(definition, Classes, 128, 64) { ComputeType = type };
            _network.train();
            _step = new TrainingStep(_network, options, [1, 1, 1, 1, 1, 1, 1], CPU);
            _batch = batch;
        }

        public void Step()
        {
            using var scope = NewDisposeScope();
            _step.Run(_batch, 0.01);
            _step.Meter.Read();
        }

        public void Dispose()
        {
            _step.Dispose();
            _network.Dispose();
        }
    }
}
