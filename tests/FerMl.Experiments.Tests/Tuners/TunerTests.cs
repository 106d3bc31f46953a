namespace FerMl.Experiments.Tests;

public class TunerTests
{
    private static readonly SearchSpace Space = new SearchSpace().AddRange("x", 0, 1).AddRange("y", 1e-3, 10, log: true)
        .AddChoice("c", "a", "b", "c");

    [Test]
    public void Grid_TriesEveryCombinationOnceAndEnds()
    {
        var space = new SearchSpace().AddChoice("c", "a", "b").AddInteger("n", 1, 3).AddRange("x", 0, 1);
        var tuner = new GridTuner(4);
        var tried = Enumerable.Range(0, 25).Select(number => tuner.Propose(space, [], number, 0)).ToArray();
        Assert.That(tried.Take(24), Is.Unique.And.All.Not.Null);
        Assert.That(tried[24], Is.Null);
        Assert.That(tried.Take(4).Select(configuration => configuration!.Values["x"]),
            Is.EqualTo(new[] { "0", "0.333333", "0.666667", "1" }));
    }

    [Test]
    public void Proposals_AreAFunctionOfSeedAndNumber()
    {
        var trials = Trials(new RandomTuner(), 15, 3);
        foreach (var tuner in new ITuner[] { new RandomTuner(), new TpeTuner() })
        {
            Assert.That(tuner.Propose(Space, trials, 15, 3), Is.EqualTo(tuner.Propose(Space, trials, 15, 3)));
            Assert.That(tuner.Propose(Space, trials, 15, 3), Is.Not.EqualTo(tuner.Propose(Space, trials, 16, 3)));
            Assert.That(tuner.Propose(Space, trials, 15, 3), Is.Not.EqualTo(tuner.Propose(Space, trials, 15, 4)));
        }
    }

    [Test]
    public void Random_NeighbouringTrials_HaveNothingToDoWithEachOther()
    {
        foreach (var parameter in new[] { 0, 1 })
        {
            double[] places = [.. Enumerable.Range(0, 2_000)
                .Select(number => Space.ToUnit(new RandomTuner().Propose(Space, [], number, 5)!)[parameter])];
            // The uniform distribution from 0 to 1 has mean 1/2 and variance 1/12; four standard errors are allowed.
            var correlation = places.Zip(places.Skip(1), (one, next) => (one - 0.5) * (next - 0.5)).Average() * 12;
            var steps = places.Zip(places.Skip(1), (one, next) => (next - one + 1) % 1).ToArray();
            Assert.That(Math.Abs(correlation), Is.LessThan(4 / Math.Sqrt(2_000)), "correlation");
            Assert.That(steps.Average(step => Math.Pow(step - steps.Average(), 2)), Is.EqualTo(1 / 12.0).Within(0.01), "steps that vary");
        }
    }

    [Test]
    public void Tpe_WhereTrialsWereStoppedEarly_RarelyTriesAgain()
    {
        // Trials with x below 0.4 continued; all others were stopped after one epoch.
        var space = new SearchSpace().AddRange("x", 0, 1);
        Trial[] trials = [.. Enumerable.Range(0, 30).Select(number => (number, x: number / 30.0))
            .Select(trial => new Trial(trial.number, space.FromUnit([trial.x]), TrialState.Paused,
            trial.x < 0.4 ? [new(1, 0.5), new(3, 0.6 + trial.x * 1e-3)] : [new(1, 0.1)], null, 1, null))];
        var proposed = Enumerable.Range(30, 200).Count(number => space.ToUnit(new TpeTuner().Propose(space, trials, number, 0)!)[0] < 0.5);
        Assert.That(proposed, Is.GreaterThan(180));
    }

    [Test]
    public void Tpe_WhereBadTrialsWereTrainedLongest_DoesntTakeThemForGoodOnes()
    {
        // As in Hyperband, whose last bracket trains every sampled configuration to the end.
        var space = new SearchSpace().AddRange("x", 0, 1);
        Trial[] trials = [.. Enumerable.Range(0, 30).Select(number => (number, x: number / 30.0))
            .Select(trial => new Trial(trial.number, space.FromUnit([trial.x]), TrialState.Completed,
            trial.x < 0.4 ? [new(3, 0.6)] : [new(27, 0.1)], null, 1, null))];
        var proposed = Enumerable.Range(30, 200).Count(number => space.ToUnit(new TpeTuner().Propose(space, trials, number, 0)!)[0] < 0.5);
        Assert.That(proposed, Is.GreaterThan(180));
    }

    [Test]
    public void Tpe_FindsBetterThanChanceInMostSeeds()
    {
        var better = Enumerable.Range(0, 20)
            .Count(seed => Trials(new TpeTuner(), 50, seed).Max(trial => trial.Score) >= Trials(new RandomTuner(), 50, seed)
                .Max(trial => trial.Score));
        Assert.That(better, Is.GreaterThanOrEqualTo(16));
    }

    [Test]
    public void Tpe_WithTrialsThatFailed_GoesOn()
    {
        var failed = Trials(new RandomTuner(), 12, 0).Select(trial => trial with { State = TrialState.Failed, Scores = [] }).ToArray();
        Assert.That(new TpeTuner().Propose(Space, failed, 12, 0), Is.Not.Null);
    }

    /// <summary>Trials of a function whose highest value, 0, is at (0.3, 0.1, b).</summary>
    private static List<Trial> Trials(ITuner tuner, int count, int seed)
    {
        var trials = new List<Trial>();
        for (var number = 0; number < count; number++)
        {
            var configuration = tuner.Propose(Space, trials, number, seed)!;
            var place = Space.ToUnit(configuration);
            var score = -Math.Pow(place[0] - 0.3, 2) - Math.Pow(place[1] - 0.5, 2) - (configuration.Values["c"] == "b" ? 0 : 0.2);
            trials.Add(new Trial(number, configuration, TrialState.Completed, [new(1, score)], null, 1, null));
        }
        return trials;
    }
}
