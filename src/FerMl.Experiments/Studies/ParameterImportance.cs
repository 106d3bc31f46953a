namespace FerMl.Experiments;

/// <summary>The fraction of the scores' variance that one parameter explains by itself.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share"> Fraction of the variance between groups of similar values, 0..1 (the correlation ratio, eta squared, of a
/// one-way analysis of variance; Fisher, 1925). With few trials, even a parameter without effect gets a positive value.
/// </param>
public sealed record ParameterImportance(string Name, double Share)
{
    // Enough groups to show a curve with a maximum, and few enough for several trials in each.
    private const int Groups = 4;

    /// <summary>Computes the importance of each parameter, highest first, from trials scored after equally many epochs.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="trials">The trials. The number of epochs at which most of them have a score is used.</param>
    /// <returns>The importances; empty if fewer than four trials are comparable.</returns>
    public static IReadOnlyList<ParameterImportance> Of(SearchSpace space, IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        var epochs = trials.SelectMany(trial => trial.Scores).GroupBy(score => score.Epochs).OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Key).FirstOrDefault()?.Key ?? 0;
        var scored = trials.Where(trial => trial.ScoreAfter(epochs) is not null)
            .Select(trial => (Place: space.ToUnit(trial.Configuration), Score: trial.ScoreAfter(epochs)!.Value)).ToArray();
        if (scored.Length < Groups)
            return [];
        // Skip conditional parameters: only some trials have them, so their fractions would refer to another variance.
        return [.. space.Parameters.Index().Where(parameter => parameter.Item.Condition is null)
            .Select(parameter => new ParameterImportance(parameter.Item.Name, ShareOf(parameter.Index, GroupsOf(parameter.Item))))
            .OrderByDescending(importance => importance.Share)];

        double ShareOf(int i, int groups)
        {
            var mean = scored.Average(trial => trial.Score);
            var total = scored.Sum(trial => Math.Pow(trial.Score - mean, 2));
            return total == 0 ? 0 : scored.GroupBy(trial => (int)Math.Min(trial.Place[i] * groups, groups - 1))
                .Sum(group => group.Count() * Math.Pow(group.Average(trial => trial.Score) - mean, 2)) / total;
        }
    }

    private static int GroupsOf(SearchParameter parameter) => parameter.Choices.Count > 0 ? parameter.Choices.Count : Groups;
}
