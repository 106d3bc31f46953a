using System.Globalization;
using Microsoft.ML;

namespace FerMl.Experiments;

/// <summary>The result of a study.</summary>
/// <param name="Definition">The study's definition.</param>
/// <param name="Trials">The trials, by number.</param>
/// <param name="Best">The best trial that was trained to the end.</param>
/// <param name="BestModelPath">The model file of the best trial.</param>
/// <param name="BestModel">The best model as an ML.NET transformer.</param>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed record StudyResult(
    StudyDefinition Definition, IReadOnlyList<Trial> Trials, Trial Best, string BestModelPath, ITransformer BestModel) : IHtmlValue
{
    /// <summary>The results of the pipelines, best first; null for a study of training options.</summary>
    public Leaderboard? Leaderboard { get; init; }

    internal static ExperimentException NoneCompleted(string name, IReadOnlyList<Trial> trials) =>
        new(trials.FirstOrDefault(trial => trial.Error is not null) is { } failed
            ? $"No trial of '{name}' was trained to the end; trial {failed.Number} failed: {failed.Error}"
            : $"No trial of '{name}' was trained to the end; give more trials or more time.");

    internal static StudyResult Of(StudyStore store, string name, TrainingTrialRunner runner, MLContext mlContext)
    {
        var trials = store.Trials(name);
        var best = BestOf(trials) ?? throw NoneCompleted(name, trials);
        var path = runner.ModelPath(best.Number);
        return new StudyResult(store.Find(name), trials, best, path, EmotionModel.Load(path).LoadTransformer(mlContext));
    }

    /// <summary>The best trial that was trained to the end, or null.</summary>
    public static Trial? BestOf(IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return trials.Where(trial => trial.State == TrialState.Completed).OrderByDescending(trial => trial.Score)
            .ThenBy(trial => trial.Number).FirstOrDefault();
    }

    /// <summary>The trials as HTML, best first, as notebooks show them.</summary>
    public string ToHtml() => Leaderboard?.ToHtml() ?? HtmlTable.Of(
        FormattableString.Invariant($"{Trials.Count.Counted("trial")}; the best scores {Best.Score:F3}"),
        ["trial", "state", "epochs", "score", .. Definition.Space.Parameters.Select(parameter => parameter.Name)],
        Trials.OrderByDescending(trial => trial.State == TrialState.Completed).ThenByDescending(trial => trial.Score)
        .Select(trial => (string[])
        [
            trial.Number.ToString(CultureInfo.InvariantCulture), trial.State.ToString(),
            trial.Epochs.ToString(CultureInfo.InvariantCulture), trial.Score?.ToString("F3", CultureInfo.InvariantCulture) ?? "",
            .. Definition.Space.Parameters.Select(parameter => trial.Configuration.Values.GetValueOrDefault(parameter.Name, "")),
        ]));
}
