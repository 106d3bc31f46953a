using System.Globalization;
using System.Text;
using System.Text.Json;
using FerMl.Reporting;

namespace FerMl.Benchmarking;

/// <summary>
/// The report of a reproduction: a folder with figures for each experiment, and a Markdown file that compares the paper's numbers with
/// those measured here.
/// </summary>
internal static class ReproductionReport
{
    private const string FileName = "reproduction.md";
    private const string ResultName = "result.json";
    private const int ShownFaces = 21;

    /// <summary>Writes the figures, curves and faces of an experiment to its folder.</summary>
    public static void Write(
        string folder, PaperExperiment experiment, ExperimentResult result, FerDataset dataset, CancellationToken cancellation)
    {
        Write(Path.Combine(folder, ResultName), JsonSerializer.Serialize(result, FerMlJson.Options) + "\n");
        if (result.History.Count == 0)
            return;
        var (accuracy, loss) = TrainingCurves.Draw(experiment.Title, result.History, (experiment.ClaimedAccuracy, experiment.ClaimedLoss));
        Write(Path.Combine(folder, "accuracy.svg"), accuracy);
        Write(Path.Combine(folder, "loss.svg"), loss);
        if (result.Failure is not null)
            return;
        using var predictor = EmotionPredictor.Load(Path.Combine(folder, "model.zip"));
        var faces = dataset.Where(face => face.Usage == Usage.PublicTest && experiment.Task.Contains(face.Label))
            .Limit(ShownFaces, result.Seed);
        var predictions = predictor.Predict(faces, cancellationToken: cancellation);
        Write(Path.Combine(folder, "faces.svg"), FaceGrid.ToSvg(
            $"{experiment.Title}: faces of PublicTest",
            [.. faces.Samples.Zip(predictions, (face, prediction) => new FaceTile(face, prediction))]));
    }

    /// <summary>Writes the report of all completed experiments in a folder, including those of earlier calls.</summary>
    /// <returns>Path of the report.</returns>
    public static string WriteAll(string folder, string source)
    {
        var results = PaperExperiment.All.Select(experiment => Path.Combine(folder, experiment.Name, ResultName)).Where(File.Exists)
            .Select(path => JsonSerializer.Deserialize<ExperimentResult>(File.ReadAllBytes(path), FerMlJson.Options)!).ToArray();
        var report = Path.Combine(folder, FileName);
        Write(report, ToMarkdown(results, source));
        return report;
    }

    private static void Write(string path, string text) => AtomicFile.WriteText(path, text, overwrite: true);

    public static string ToMarkdown(IReadOnlyList<ExperimentResult> results, string source)
    {
        var text = new StringBuilder();
        Line($"# The paper's experiments, reproduced\n");
        Line($"Data: {source}. \"Training\" are the faces that the weights were fitted to, \"validation\" the faces held out to choose "
            + $"the epoch by, \"test\" is");
        Line($"PublicTest. All with dropout off; in brackets the 95 % interval (Wilson). Loss is cross-entropy in nats.\n");
        Line($"| experiment | the paper | epoch | training | validation | test | loss: training, validation, test |");
        Line($"|---|---|---|---|---|---|---|");
        foreach (var result in results)
        {
            var claim = result.ClaimedAccuracy is { } accuracy ? $"{Percent(accuracy)}, loss {result.ClaimedLoss?.Invariant("F2")}"
                : "\"unsatisfactory\"";
            if (result.Best is null || result.Last is null)
                Line($"| {result.Title} | {claim} | none | | | | |");
            else
                foreach (var (epoch, kind) in result.Best.Epoch == result.Last.Epoch ? [(result.Best, "best and last")]
                    : new[] { (result.Best, "best"), (result.Last, "last") })
                    Line($"| {result.Title} | {claim} | {epoch.Epoch}, {kind} | {Percent(epoch.Training.Accuracy)} | "
                        + $"{WithInterval(epoch.Validation)} | {WithInterval(epoch.Test)} | {epoch.Training.Loss:F2}, "
                            + $"{epoch.Validation.Loss:F2}, {epoch.Test.Loss:F2} |");
        }
        foreach (var result in results)
        {
            Line($"\n## {result.Title}\n");
            Line($"`{result.Experiment}`, seed {result.Seed}, {result.History.Count} "
                + $"epochs{(result.SecondsPerEpoch is { } seconds ? $", {seconds.Invariant("F0")} s each" : "")}.");
            if (result.Failure is not null)
                Line($"The training ended early: {result.Failure}");
            if (result.Best is not { } best)
                continue;
            if (result.ClaimedAccuracy is { } claim)
                Line($"{Reading(result, claim)}");
            Line($"Of the {best.Validation.Faces:N0} validation faces {result.ValidationFacesInTraining:N0} are also training faces, pixel "
                + $"for pixel; without them validation accuracy is {Percent(result.ValidationAccuracyWithoutThem)}.");
            Line($"Without the test faces that are also in Training, test accuracy is {Percent(result.TestAccuracyWithoutThem)}.\n");
            Line($"![accuracy]({result.Experiment}/accuracy.svg)\n");
            Line($"![loss]({result.Experiment}/loss.svg)");
            if (result.Failure is null)
                Line($"\n![faces of PublicTest]({result.Experiment}/faces.svg)");
        }
        return text.ToString();

        void Line(InvariantText line) => text.Append(line.ToString()).Append('\n');
    }

    /// <summary>Describes on which split the paper's accuracy is reached.</summary>
    private static string Reading(ExperimentResult result, double claim)
    {
        var training = result.TrainingReachesClaimAt is { } epoch
            ? $"Training accuracy passes the paper's {Percent(claim)} in epoch {epoch}"
            : $"Training accuracy stays below the paper's {Percent(claim)}: "
                + $"{Percent(result.History.Max(report => report.TrainingAccuracy))} at most";
        var validation = result.ValidationReachesClaimAt is { } reached
            ? $"validation accuracy in epoch {reached}"
            : $"validation accuracy never does ({Percent(result.History.Max(report => report.ValidationAccuracy))} at most)";
        var test = Math.Max(result.Best!.Test.AccuracyHigh, result.Last!.Test.AccuracyHigh) >= claim
            ? "test accuracy comes within its interval of it" : "test accuracy is far from it";
        return $"{training}; {validation}; {test}.";
    }

    private static string WithInterval(SplitResult split) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Percent(split.Accuracy)} ({split.AccuracyLow * 100:F1} to {split.AccuracyHigh * 100:F1})");

    private static string Percent(double? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:F1} %") : "unknown";
}
