using System.Globalization;

namespace FerMl.Experiments;

/// <summary>The results of a pipeline study, best first.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class Leaderboard : IHtmlValue
{
    private Leaderboard(
        IReadOnlyList<LeaderboardRow> rows, IReadOnlyList<PipelineDifference> differences, string scoredOn, StudyMetric metric) =>
        (Rows, Differences, ScoredOn, Metric) = (rows, differences, scoredOn, metric);

    /// <summary>A row per completed trial, best first.</summary>
    public IReadOnlyList<LeaderboardRow> Rows { get; }

    /// <summary>How much the best pipeline exceeds the best trial of each other pipeline, on the same faces; in row order.</summary>
    public IReadOnlyList<PipelineDifference> Differences { get; }

    /// <summary>How trials were scored, such as "5-fold cross-validation, 2 times".</summary>
    public string ScoredOn { get; }

    /// <summary>The ranking metric.</summary>
    public StudyMetric Metric { get; }

    internal static Leaderboard Of(IEnumerable<Trial> trials, PipelineTrialRunner runner)
    {
        LeaderboardRow[] rows = [.. trials.Where(trial => trial.State == TrialState.Completed).OrderByDescending(trial => trial.Score)
            .ThenBy(trial => trial.Number).Select(trial =>
            {
                var outcome = runner.OutcomeOf(trial.Number);
                var metrics = runner.Metrics(outcome);
                var (pipeline, values) = runner.Find(trial.Configuration);
                // With repeated cross-validation, count each face once.
                var faces = outcome.Faces.Length / runner.Folds.Repeats;
                var (low, high) = WilsonInterval.Of((int)Math.Round(metrics.Accuracy * faces), faces);
                return new LeaderboardRow(
                    trial.Number, pipeline.Name, values, trial.Score!.Value, metrics.Accuracy, low, high, metrics.MacroF1, metrics.LogLoss,
                    metrics.ExpectedCalibrationError, outcome.Parameters, outcome.Seconds);
            })];
        var best = runner.OutcomeOf(rows[0].Trial);
        PipelineDifference[] differences = [.. rows.DistinctBy(row => row.Pipeline).Skip(1).Select(
            row => PipelineDifference.Of(row.Pipeline, best, runner.OutcomeOf(row.Trial), runner.Data.Labels))];
        return new Leaderboard(rows, differences, runner.Folds.Description, runner.Metric);
    }

    /// <summary>The rows as HTML, as notebooks show them.</summary>
    public string ToHtml() => HtmlTable.Of(
        $"{Rows.Count.Counted("trial")}; {ScoredOn}",
        ["", "pipeline", "accuracy", "95 % interval", "macro-F1", "log-loss", "seconds", "options"],
        Rows.Select((row, place) => (string[])
        [
            (place + 1).ToString(CultureInfo.InvariantCulture), row.Pipeline, row.Accuracy.Invariant("0.0 %"),
            $"{row.AccuracyLow.Invariant("0.0 %")} to {row.AccuracyHigh.Invariant("0.0 %")}", row.MacroF1.Invariant("0.000"),
            row.LogLoss.Invariant("0.000"), row.Seconds.Invariant("0.0"), row.Options.ToString(),
        ]));
}
