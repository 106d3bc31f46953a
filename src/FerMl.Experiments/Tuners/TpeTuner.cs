namespace FerMl.Experiments;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011, section 4): draws from where
/// good trials are dense, and takes the draw where good ones are densest in comparison with the others. The first trials are drawn at
/// random.
/// </summary>
public sealed class TpeTuner : ITuner
{
    // A quarter of the trials are the good ones, and 24 draws are compared: the values of the paper and of its authors' program.
    private const double GoodShare = 0.25;
    private const int Draws = 24;

    private readonly int _atRandom;

    /// <summary>Makes the tuner.</summary>
    /// <param name="atRandom">Trials that are drawn at random first, 2 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside its range.</exception>
    public TpeTuner(int atRandom = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atRandom, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(atRandom, 10_000);
        _atRandom = atRandom;
    }

    /// <inheritdoc/>
    public Configuration? Propose(SearchSpace space, IReadOnlyList<Trial> trials, int number, int seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        var known = Ranked(trials);
        // What was tried is known: a choice without options of its own would be proposed again and again.
        var tried = trials.Select(trial => trial.Configuration).ToHashSet();
        if (known.Length < _atRandom)
            return Untried(new RandomTuner().Propose(space, trials, number, seed)!);
        var random = RandomTuner.RandomOf(seed, number);
        var places = known.Select(trial => space.ToUnit(trial.Configuration)).ToArray();
        var good = Math.Max(1, (int)Math.Ceiling(GoodShare * known.Length));
        // A parameter that depends on a choice is estimated from the trials that have it.
        var densities = space.Parameters.Select((parameter, i) => (
            Good: Density(places[..good], i, parameter), Others: Density(places[good..], i, parameter))).ToArray();
        Configuration[] draws = [.. Enumerable.Range(0, Draws)
            .Select(_ => space.FromUnit([.. densities.Select(density => density.Good.Draw(ref random))]))];
        var best = (draws.Any(draw => !tried.Contains(draw)) ? draws.Where(draw => !tried.Contains(draw)) : draws).MaxBy(drawn =>
            space.ToUnit(drawn).Select((x, i) => double.IsNaN(x) ? 0
                : Math.Log(densities[i].Good.DensityAt(x)) - Math.Log(densities[i].Others.DensityAt(x))).Sum())!;
        return Untried(best);

        Configuration Untried(Configuration drawn)
        {
            for (var again = 1; again <= Draws && tried.Contains(drawn); again++)
                drawn = new RandomTuner().Propose(space, trials, number, unchecked(seed + again * 1_000_003))!;
            return drawn;
        }

        static ParzenEstimator Density(double[][] places, int i, SearchParameter parameter) =>
            new([.. places.Select(place => place[i]).Where(place => !double.IsNaN(place))], parameter.Choices.Count);
    }

    /// <summary>
    /// The trials with a score, the best first, each by its newest. What was stopped early has a low one and counts as not good: comparing
    /// only trials with equally many epochs (as in BOHB, Falkner et al., 2018) forgets where the others were, and tries it again.
    /// </summary>
    private static Trial[] Ranked(IReadOnlyList<Trial> trials) =>
        [.. trials.Where(trial => trial.Score is not null).OrderByDescending(trial => trial.Score).ThenBy(trial => trial.Number)];
}
