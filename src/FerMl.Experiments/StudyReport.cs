using System.Globalization;
using FerMl.Reporting;

namespace FerMl.Experiments;

/// <summary>An HTML report of a study: its progress, the importance of its parameters, and its trials.</summary>
public static class StudyReport
{
    /// <summary>Creates the report.</summary>
    /// <param name="store">The database.</param>
    /// <param name="name">The study's name in the database.</param>
    /// <exception cref="ExperimentException">The study doesn't exist, or the database can't be used.</exception>
    public static string ToHtml(StudyStore store, string name)
    {
        ArgumentNullException.ThrowIfNull(store);
        var study = store.Find(name);
        var trials = store.Trials(name);
        var best = StudyResult.BestOf(trials);
        var page = new HtmlPage(
            $"FerMl: study {name}",
            $"{study.Metric}, {study.Tuner}, {study.Schedule}, up to {study.Epochs} epochs per trial, {study.Seeds} "
                + $"{(study.Seeds == 1 ? "seed" : "seeds")} each")
            .KeyFigures(
                (best is null ? "none" : Number(best.Score), "best score of a trial trained to the end"),
                (Number(trials.Count), $"of {study.MaxTrials} trials started"),
                (Number(trials.Count(trial => trial.State == TrialState.Completed)), "trained to the end"),
                (Number(trials.Sum(trial => trial.Epochs)), "epochs trained"));
        if (best is not null)
            page.Paragraph($"The best: trial {best.Number}, {best.Configuration}.");
        var scored = trials.Where(trial => trial.Score is not null).ToArray();
        if (scored.Length > 0)
            page.Heading("How it went").Charts(Progress(scored), Parallel(study, scored));
        if (ParameterImportance.Of(study.Space, trials) is { Count: > 0 } importance)
            page.Heading("What matters")
                .Charts(NamedBars.ToSvg(
                    "Share of score variance explained by each alone", [.. importance.Select(row => (row.Name, row.Share))]))
                .Paragraph("From trials scored after the same number of epochs, in groups of similar values. With few trials, even "
                    + "parameters without effect get a share.", isNote: true);
        string[] parameters = [.. study.Space.Parameters.Select(parameter => parameter.Name)];
        page.Heading("Trials")
            .Table(["trial", "state", "epochs", "score", .. parameters, "error"], trials.OrderByDescending(trial => trial.Epochs)
                .ThenByDescending(trial => trial.Score)
            .Select(trial => (IReadOnlyList<string>)[
                Number(trial.Number), trial.State.ToString().ToLowerInvariant(), Number(trial.Epochs), Number(trial.Score),
                .. parameters.Select(parameter => Short(trial.Configuration.Values.GetValueOrDefault(parameter, ""))), trial.Error ?? ""]));
        return page.ToHtml();
    }

    private static string Progress(Trial[] scored)
    {
        var best = double.NegativeInfinity;
        return LineChart.ToSvg("Scores by trial", "trial", "score",
        [
            new("trial", [.. scored.Select(trial => ((double)trial.Number, trial.Score!.Value))]),
            new("best", [.. scored.Select(trial => ((double)trial.Number, best = Math.Max(best, trial.Score!.Value)))]),
        ]);
    }

    private static string Parallel(StudyDefinition study, Trial[] scored) =>
        ParallelCoordinates.ToSvg("Configurations, darker is better",
        [.. Always(study).Select(parameter => (parameter.Item.Name, Short(parameter.Item.FromUnit(0)), Short(parameter.Item.FromUnit(1))))],
        [.. scored.Select(trial =>
            ((IReadOnlyList<double>)[.. Always(study).Select(parameter => study.Space.ToUnit(trial.Configuration)[parameter.Index])],
                trial.Score!.Value,
                $"trial {trial.Number}: {Number(trial.Score)} ({trial.Configuration})"))]);

    /// <summary>The parameters for which every trial has a value.</summary>
    private static IEnumerable<(int Index, SearchParameter Item)> Always(StudyDefinition study) =>
        study.Space.Parameters.Index().Where(parameter => parameter.Item.Condition is null);

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

    private static string Short(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number.ToString("G3", CultureInfo.InvariantCulture) : value;
}
