namespace FerMl.Experiments.Tests;

public class ParameterImportanceTests
{
    [Test]
    public void Of_FindsTheParameterThatMatters()
    {
        var space = new SearchSpace().AddRange("matters", 0, 1).AddRange("not", 0, 1).AddChoice("little", "a", "b");
        var trials = Enumerable.Range(0, 60).Select(number =>
        {
            var configuration = new RandomTuner().Propose(space, [], number, 1)!;
            var place = space.ToUnit(configuration);
            return new Trial(number, configuration, TrialState.Completed,
                [new(3, -Math.Pow(place[0] - 0.5, 2) + (configuration.Values["little"] == "a" ? 0.03 : 0))], null, 1, null);
        }).ToArray();
        var importance = ParameterImportance.Of(space, trials);
        Assert.That(importance[0].Name, Is.EqualTo("matters"));
        Assert.That(importance[0].Share, Is.InRange(0.5, 1));
        Assert.That(importance.Single(row => row.Name == "not").Share, Is.LessThan(0.2));
    }

    [Test]
    public void Of_FewTrials_SaysNothing() => Assert.That(ParameterImportance.Of(new SearchSpace().AddRange("x", 0, 1), []), Is.Empty);
}
