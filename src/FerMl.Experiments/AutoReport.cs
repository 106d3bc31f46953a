using FerMl.Reporting;

namespace FerMl.Experiments;

/// <summary>An HTML report of a pipeline study: the data, the leaderboard, why the best pipeline won, and its evaluation.</summary>
public sealed record AutoReport
{
    private const int MaxRows = 50;

    /// <summary>The result of the study.</summary>
    public required StudyResult Study { get; init; }

    /// <summary>The survey of the data.</summary>
    public required DataSurvey Survey { get; init; }

    /// <summary>Name of the data.</summary>
    public required string Source { get; init; }

    /// <summary>The evaluation of the best model on faces that the study didn't use; null if there are none.</summary>
    public EmotionEvaluation? Evaluation { get; init; }

    /// <summary>A description of those faces for the report.</summary>
    public string EvaluatedOn { get; init; } = "";

    /// <summary>The command that creates the report, or null.</summary>
    public string? Command { get; init; }

    /// <summary>Why the best pipeline won, one sentence per reason.</summary>
    /// <exception cref="InvalidOperationException">The study doesn't compare pipelines.</exception>
    public static IReadOnlyList<string> Reasons(StudyResult study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var board = Board(study);
        var best = board.Rows[0];
        var sentences = new List<string>
        {
            $"{best.Pipeline}{(best.Options.Values.Count == 0 ? "" : $" ({best.Options})")} is best by {Name(board.Metric)}: right on "
                + $"{Percent(best.Accuracy)} of the faces ({Percent(best.AccuracyLow)} to {Percent(best.AccuracyHigh)}), log-loss "
                + $"{best.LogLoss.Invariant("0.000")}; {board.ScoredOn}.",
        };
        foreach (var other in board.Differences.Where(other => other.Pipeline.StartsWith("as-is", StringComparison.Ordinal)).Concat(
            board.Differences.Where(other => !other.Pipeline.StartsWith("as-is", StringComparison.Ordinal)).Take(2)))
            sentences.Add(
                $"Against {other.Pipeline} it is right on {Points(other.Accuracy)} points {(other.Accuracy < 0 ? "fewer" : "more")} of "
                    + $"the same faces (95 % interval {Signed(other.Low)} to {Signed(other.High)})"
                    + $"{(other.Low <= 0 && other.High >= 0 ? ", which may be chance" : "")}.");
        if (board.Rows.Count > 1)
            sentences.Add(
                $"It was selected from {board.Rows.Count.Counted("trial")} on these faces, so its metrics are slightly optimistic.");
        return sentences;
    }

    /// <summary>Creates the report.</summary>
    /// <exception cref="InvalidOperationException">The study doesn't compare pipelines.</exception>
    public string ToHtml()
    {
        var board = Board(Study);
        var best = board.Rows[0];
        var page = new HtmlPage($"FerMl: {Source}", $"The best of {board.Rows.Count.Counted("trial")}: {best.Pipeline}");
        if (Evaluation is { Metrics: var metrics })
            page.KeyFigures(metrics.Figures.Select(figure => (figure.Text, figure.Name)))
                .Paragraph($"Measured on {metrics.Count.Counted("face")} that the study never saw.", isNote: true);
        else
            page.KeyFigures(
                (Percent(best.Accuracy), $"accuracy, {board.ScoredOn}"),
                ($"{Percent(best.AccuracyLow)} to {Percent(best.AccuracyHigh)}", "95 % interval (Wilson)"),
                (best.MacroF1.Invariant("0.000"), "macro-F1"),
                (best.CalibrationError.Invariant("0.000"), "calibration error"));
        page.Heading("The data");
        foreach (var sentence in Survey.Sentences())
            page.Paragraph(sentence);
        page.Heading("Why it won");
        foreach (var sentence in Reasons(Study))
            page.Paragraph(sentence);
        page.Heading("Leaderboard").Table(
            ["", "pipeline", "accuracy", "95 % interval", "macro-F1", "log-loss", "seconds", "options"],
            board.Rows.Take(MaxRows).Index().Select(row => (IReadOnlyList<string>)
            [
                (row.Index + 1).Invariant(), row.Item.Pipeline, Percent(row.Item.Accuracy),
                $"{Percent(row.Item.AccuracyLow)} to {Percent(row.Item.AccuracyHigh)}", row.Item.MacroF1.Invariant("0.000"),
                row.Item.LogLoss.Invariant("0.000"), row.Item.Seconds.Invariant("0.0"), row.Item.Options.ToString(),
            ]));
        if (board.Rows.Count > MaxRows)
            page.Paragraph($"The first {MaxRows} of {board.Rows.Count.Counted("trial")}.", isNote: true);
        if (Study.Trials.Where(trial => trial.State == TrialState.Failed).ToArray() is { Length: > 0 } failed)
            page.Heading("Failed").Table(["trial", "options", "why"], failed.Select(trial => (IReadOnlyList<string>)
                [trial.Number.Invariant(), trial.Configuration.ToString(), trial.Error ?? ""]));
        if (Evaluation is { Metrics: var measured })
            page.Heading("How well it does").Paragraph($"Measured on {EvaluatedOn}.", isNote: true)
                .Charts(MetricsCharts.Of(measured));
        if (Command is not null)
            page.Heading("How this page was made").Paragraph(Command, isNote: true);
        return page.ToHtml();
    }

    private static Leaderboard Board(StudyResult study) => study.Leaderboard
        ?? throw new InvalidOperationException("The study isn't one of pipelines; StudyReport is for studies of training options.");

    private static string Name(StudyMetric metric) => metric switch
    {
        StudyMetric.MacroF1 => "macro-F1",
        StudyMetric.LogLoss => "log-loss",
        _ => "accuracy",
    };

    private static string Percent(double share) => share.Invariant("0.0 %");

    private static string Points(double difference) => (100 * Math.Abs(difference)).Invariant("0.0");

    private static string Signed(double difference) => (100 * difference).Invariant("+0.0;-0.0;0.0");
}
