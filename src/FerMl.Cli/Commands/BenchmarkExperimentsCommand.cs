using System.CommandLine;
using System.Text.Json;
using FerMl.Experiments;
using FerMl.Training;
using Microsoft.ML;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark experiments</c>: whether successive halving with TPE finds better options than random search in the same number of epochs.</summary>
internal static class BenchmarkExperimentsCommand
{
    public static Command Create(Terminal terminal)
    {
        var seeds = new Option<int>("--seeds") { Description = "Comparisons, each with other faces and other trials (1 to 1000).", DefaultValueFactory = _ => 10, HelpName = "n" };
        var firstSeed = new Option<int>("--seed") { Description = "Seed of the first comparison (0 to 1000); the next ones have the next.", DefaultValueFactory = _ => 0, HelpName = "n" };
        var trials = new Option<int>("--trials") { Description = "Trials of each study that halves (2 to 1000).", DefaultValueFactory = _ => 30, HelpName = "n" };
        var epochs = new Option<int>("--epochs") { Description = "Epochs of a trial trained to the end (2 to 1000).", DefaultValueFactory = _ => 27, HelpName = "n" };
        var firstEpochs = new Option<int>("--first-epochs") { Description = "Epochs after which trials are first compared (1 to 1000).", DefaultValueFactory = _ => 1, HelpName = "n" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("experiments", "Studies of drawn faces: successive halving with TPE, which is what studies do where nothing else is asked for, against random search with the same number of epochs.") { seeds, firstSeed, trials, epochs, firstEpochs, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (count, start) = (InRange("--seeds", parsed.GetValue(seeds), 1), InRange("--seed", parsed.GetValue(firstSeed), 0));
            var (most, longest) = (InRange("--trials", parsed.GetValue(trials), 2), InRange("--epochs", parsed.GetValue(epochs), 2));
            var first = InRange("--first-epochs", parsed.GetValue(firstEpochs), 1);
            var comparisons = new List<Comparison>();
            for (var seed = start; seed < start + count; seed++)
            {
                comparisons.Add(await Compare(seed, most, longest, first, cancellation).ConfigureAwait(false));
                terminal.Say(FormattableString.Invariant($"seed {seed}: {comparisons[^1].Halving:P1} by halving, {comparisons[^1].Random:P1} by random search"));
            }
            var result = new Result(comparisons.Count(one => one.Halving > one.Random), comparisons);
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
                Print(result, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private sealed record Comparison(int Seed, int Epochs, double Halving, int RandomTrials, double Random);

    private sealed record Result(int HalvingIsBetter, IReadOnlyList<Comparison> Comparisons);

    private static async Task<Comparison> Compare(int seed, int trials, int epochs, int firstEpochs, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("ferml-").FullName;
        try
        {
            var (faces, others) = (SyntheticFaces.Create(1_400, seed: 1_000 + seed), SyntheticFaces.Create(2_100, seed: 100_000 + seed));
            var halving = await Run(ScheduleKind.SuccessiveHalving, trials, Path.Combine(folder, "halving")).ConfigureAwait(false);
            var spent = halving.Trials.Sum(trial => trial.Epochs);
            // Not one epoch less for random search: what doesn't divide is rounded up.
            var random = await Run(ScheduleKind.None, (spent + epochs - 1) / epochs, Path.Combine(folder, "random")).ConfigureAwait(false);
            return new Comparison(seed, spent, AccuracyOf(halving), random.Trials.Count, AccuracyOf(random));

            // On faces that neither the trials nor their scores had a part in.
            double AccuracyOf(StudyResult study)
            {
                using var predictor = EmotionPredictor.Load(study.BestModelPath);
                return EmotionEvaluation.Run(predictor, others, new EvaluationOptions { Usages = Enum.GetValues<Usage>() }, cancellation).Metrics.Accuracy;
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
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A CNN that is quick, so that hundreds of epochs are.</summary>
    private static NetworkDefinition Network { get; } = new("small",
        new Convolution(32, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPooling(),
        new Convolution(32), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPooling(), new Flattening());

    /// <summary>As wide as somebody searches who knows the options' names but not the scale of good values.</summary>
    private static SearchSpace Space => new SearchSpace()
        .AddRange(nameof(EmotionTrainerOptions.LearningRate), 1e-5, 1, log: true)
        .AddChoice(nameof(EmotionTrainerOptions.BatchSize), 16, 32, 64, 128)
        .AddChoice(nameof(EmotionTrainerOptions.Optimizer), OptimizerKind.Sgd, OptimizerKind.Adam, OptimizerKind.AdamW)
        .AddRange(nameof(EmotionTrainerOptions.Momentum), 0, 0.99)
        .AddRange(nameof(EmotionTrainerOptions.WeightDecay), 1e-5, 1, log: true)
        .AddRange(nameof(EmotionTrainerOptions.GradientClipNorm), 0.01, 10, log: true)
        .AddChoice(nameof(EmotionTrainerOptions.WeightAverageDecay), 0.0, 0.9, 0.99, 0.999);

    private static void Print(Result result, Terminal terminal)
    {
        var table = new Table().AddColumn("seed").AddColumn(new TableColumn("epochs").RightAligned()).AddColumn(new TableColumn("halving").RightAligned())
            .AddColumn(new TableColumn("random search").RightAligned()).AddColumn(new TableColumn("its trials").RightAligned());
        foreach (var one in result.Comparisons)
            table.AddRow($"{one.Seed}", $"{one.Epochs}", $"{one.Halving:P1}", $"{one.Random:P1}", $"{one.RandomTrials}");
        terminal.Output.Write(table);
        terminal.Results.WriteLine($"Successive halving is better in {result.HalvingIsBetter} of {result.Comparisons.Count}. What is compared is the accuracy of the best model on faces of its own.");
    }

    private static int InRange(string option, int value, int least) =>
        value >= least && value <= 1000 ? value : throw new ArgumentException($"{option} is {value}; it must be between {least} and 1000.");
}
