namespace FerMl.Experiments;

/// <summary>How much of the scores' spread one parameter explains by itself.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share"> Share of the variance that lies between groups of like values, 0..1 (the correlation ratio, eta squared, of a
/// one-way analysis of variance; Fisher, 1925). With few trials even a parameter without effect has some.
/// </param>
public sealed record ParameterImportance(string Name, double Share)
{
    // Enough to see a curve with a maximum, and few enough for some trials in each.
    private const int Groups = 4;

    /// <summary>The importance of each parameter, the highest first, from trials that were scored after equally many epochs.</summary>
    /// <param name="space">What was searched.</param>
    /// <param name="trials">The trials; those scored after as many epochs as most of them are compared.</param>
    /// <returns>Nothing where fewer than four trials can be compared.</returns>
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
        // What depends on a choice is one of few trials' options; its share would be of another spread.
        return [.. space.Parameters.Index().Where(parameter => parameter.Item.Condition is null)
            .Select(parameter => new ParameterImportance(parameter.Item.Name, ShareOf(parameter.Index, GroupsOf(parameter.Item))))
            .OrderByDescending(importance => importance.Share)];

        double ShareOf(int i, int groups)
        {
            var mean = scored.Average(trial => trial.Score);
            var whole = scored.Sum(trial => Math.Pow(trial.Score - mean, 2));
            return whole == 0 ? 0 : scored.GroupBy(trial => (int)Math.Min(trial.Place[i] * groups, groups - 1))
                .Sum(group => group.Count() * Math.Pow(group.Average(trial => trial.Score) - mean, 2)) / whole;
        }
    }

    private static int GroupsOf(SearchParameter parameter) => parameter.Choices.Count > 0 ? parameter.Choices.Count : Groups;
}
