using Microsoft.ML;

namespace FerMl.Benchmarking;

/// <summary>
/// Compares successive halving with TPE, the default of studies, with random search with the same epoch budget.
/// </summary>
internal static class SearchBenchmark
{
    /// <param name="seed">Seed of the faces and trials, 0 to 1,000.</param>
    /// <param name="trials">Number of trials with successive halving.</param>
    /// <param name="epochs">Epochs of a fully trained trial.</param>
    /// <param name="firstEpochs">Epochs after which trials are first compared.</param>
    /// <param name="cancellation">Cancels the comparison.</param>
    public static async Task<SearchComparison> Compare(int seed, int trials, int epochs, int firstEpochs, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("ferml-").FullName;
        try
        {
            var (faces, others) = (SyntheticFaces.Create(1_400, seed: 1_000 + seed), SyntheticFaces.Create(2_100, seed: 100_000 + seed));
            var halving = await Run(ScheduleKind.SuccessiveHalving, trials, Path.Combine(folder, "halving")).ConfigureAwait(false);
            var spent = halving.Trials.Sum(trial => trial.Epochs);
            // Round up, so that random search never gets fewer epochs.
            var random = await Run(ScheduleKind.None, (spent + epochs - 1) / epochs, Path.Combine(folder, "random")).ConfigureAwait(false);
            return new SearchComparison(seed, spent, AccuracyOf(halving), random.Trials.Count, AccuracyOf(random));

            // On separate faces, used neither for training nor for scoring.
            double AccuracyOf(StudyResult study)
            {
                using var predictor = EmotionPredictor.Load(study.BestModelPath);
                return EmotionEvaluation.Run(predictor, others, new EvaluationOptions
                {
                    Usages = Enum.GetValues<Usage>(),
                }, cancellation).Metrics.Accuracy;
            }

            async Task<StudyResult> Run(ScheduleKind schedule, int count, string place)
            {
                var result = await new EmotionExperiment(new MLContext(seed))
                    .SetDataset(faces)
                    .SetTrainer(NetworkPreset.Tiny, NetworkPreset.Tiny.Defaults with { Network = Network })
                    .SetSearchSpace(Space)
                    .SetTuner(schedule == ScheduleKind.None ? TunerKind.Random : TunerKind.Tpe)
                    .SetSchedule(schedule, epochs, firstEpochs)
                    .SetMetric(StudyMetric.Accuracy)
                    .SetMaxTrials(count)
                    .SetSeed(schedule == ScheduleKind.None ? 10_000 + seed : seed)
                    .SetStudy(Path.Combine(place, "study.db"))
                    .RunAsync(cancellationToken: cancellation).ConfigureAwait(false);
                (result.BestModel as IDisposable)?.Dispose();
                return result;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A small CNN, fast enough for hundreds of epochs.</summary>
    private static NetworkDefinition Network { get; } = new("small",
        new Convolution(32, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPool(),
        new Convolution(32), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPool(), new Flatten());

    /// <summary>A wide space, as for a user who knows the options but not the scale of good values.</summary>
    private static SearchSpace Space => new SearchSpace()
        .AddRange(nameof(EmotionTrainerOptions.LearningRate), 1e-5, 1, log: true)
        .AddChoice(nameof(EmotionTrainerOptions.BatchSize), 16, 32, 64, 128)
        .AddChoice(nameof(EmotionTrainerOptions.Optimizer), OptimizerKind.Sgd, OptimizerKind.Adam, OptimizerKind.AdamW)
        .AddRange(nameof(EmotionTrainerOptions.Momentum), 0, 0.99)
        .AddRange(nameof(EmotionTrainerOptions.WeightDecay), 1e-5, 1, log: true)
        .AddRange(nameof(EmotionTrainerOptions.GradientClipNorm), 0.01, 10, log: true)
        .AddChoice(nameof(EmotionTrainerOptions.EmaDecay), 0.0, 0.9, 0.99, 0.999);
}
