namespace FerMl.Experiments;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011, section 4): samples from the
/// density of good trials, and picks the sample with the highest ratio of the good trials' density to that of the others. The first
/// trials are random.
/// </summary>
public sealed class TpeTuner : ITuner
{
    // The best quarter of the trials counts as good, and 24 samples are compared: the values of the paper and its authors' program.
    private const double GoodShare = 0.25;
    private const int Draws = 24;

    private readonly int _atRandom;

    /// <summary>Creates the tuner.</summary>
    /// <param name="atRandom">Number of random trials at the start, 2 to 10,000.</param>
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
        // Avoid configurations already tried: a choice without options of its own would be proposed again and again.
        var tried = trials.Select(trial => trial.Configuration).ToHashSet();
        if (known.Length < _atRandom)
            return Untried(new RandomTuner().Propose(space, trials, number, seed)!);
        var random = RandomTuner.RandomOf(seed, number);
        var places = known.Select(trial => space.ToUnit(trial.Configuration)).ToArray();
        var good = Math.Max(1, (int)Math.Ceiling(GoodShare * known.Length));
        // Estimate a conditional parameter from the trials that have it.
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
    /// The scored trials, best first, each by its latest score. Trials stopped early have low scores and count as not good. Comparing only
    /// trials with equal epochs (as in BOHB, Falkner et al., 2018) would ignore these and propose similar ones again.
    /// </summary>
    private static Trial[] Ranked(IReadOnlyList<Trial> trials) =>
        [.. trials.Where(trial => trial.Score is not null).OrderByDescending(trial => trial.Score).ThenBy(trial => trial.Number)];
}
