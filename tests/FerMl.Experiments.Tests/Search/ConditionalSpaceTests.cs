namespace FerMl.Experiments.Tests;

public class ConditionalSpaceTests
{
    private static SearchSpace Space => new SearchSpace().AddChoice("Pipeline", "a", "b", "c")
        .AddWhere("Pipeline", "a", new SearchSpace().AddRange("L2", 0.1, 10, log: true))
        .AddWhere("Pipeline", "b", new SearchSpace().AddInteger("Trees", 1, 3).AddChoice("Kind", "x", "y"));

    [Test]
    public void FromUnit_GivesOnlyTheParametersOfTheChoice_AndToUnitHasNaNForTheOthers()
    {
        var a = Space.FromUnit([0.1, 0.5, 0.9, 0.9]);
        Assert.That(a.ToString(), Is.EqualTo("Pipeline = a, a.L2 = 1"));
        Assert.That(Space.ToUnit(a), Is.EqualTo(new[] { 1.0 / 6, 0.5, double.NaN, double.NaN }).Within(1e-9));
        Assert.That(Space.FromUnit([0.5, 0.5, 0.9, 0.9]).ToString(), Is.EqualTo("Pipeline = b, b.Kind = y, b.Trees = 3"));
        Assert.That(Space.FromUnit([0.9, 0.5, 0.9, 0.9]).ToString(), Is.EqualTo("Pipeline = c"));
    }

    [Test]
    public void ToUnit_RefusesAConfigurationThatLacksAParameterOfItsChoice() =>
        Assert.That(() => Space.ToUnit(new Configuration(KeyValuePair.Create("Pipeline", "a"))),
            Throws.TypeOf<FormatException>().With.Message.Contains("a.L2"));

    [Test]
    public void Add_RefusesAConditionOnWhatIsNotThere()
    {
        Assert.That(() => Space.AddWhere("Pipeline", "d", new SearchSpace().AddRange("x", 0, 1)), Throws.ArgumentException);
        Assert.That(() => Space.AddWhere("Other", "a", new SearchSpace().AddRange("x", 0, 1)), Throws.ArgumentException);
        Assert.That(() => Space.AddWhere("Pipeline", "c", Space), Throws.ArgumentException);
    }

    [Test]
    public void Grid_TriesEveryCombinationThatThereIs_Once()
    {
        var grid = new GridTuner(steps: 2);
        var all = Enumerable.Range(0, 100).Select(number => grid.Propose(Space, [], number, 0)).TakeWhile(found => found is not null)
            .Select(found => found!.ToString()).ToArray();
        // Two configurations of a; two numbers of trees times two kinds of b; one of c.
        Assert.That(all, Has.Length.EqualTo(2 + 2 * 2 + 1).And.Unique);
    }

    [Test]
    public void Tpe_ChoosesTheBestBranch_AndItsBestValues()
    {
        var trials = new List<Trial>();
        for (var number = 0; number < 60; number++)
        {
            var configuration = new TpeTuner().Propose(Space, trials, number, 1)!;
            var score = configuration.Values["Pipeline"] switch
            {
                "a" => 1 - Math.Abs(Math.Log10(new OptionValues(configuration).Number("a.L2")) - 0.5),
                "b" => -0.5,
                _ => -1,
            };
            trials.Add(new Trial(number, configuration, TrialState.Completed, [new TrialScore(1, score)], null, 1, null));
        }
        Assert.That(trials[20..].Count(trial => trial.Configuration.Values["Pipeline"] == "a"), Is.GreaterThan(25));
        Assert.That(trials.Max(trial => trial.Score), Is.GreaterThan(0.95));
    }

    [Test]
    public void Tpe_ProposesWhatHasNoOptionsOnce()
    {
        var space = new SearchSpace().AddChoice("Pipeline", "as-is", "b").AddWhere("Pipeline", "b", new SearchSpace().AddRange("x", 0, 1));
        var trials = new List<Trial>();
        for (var number = 0; number < 40; number++)
        {
            var configuration = new TpeTuner().Propose(space, trials, number, 1)!;
            var score = configuration.Values["Pipeline"] == "as-is" ? 1.0 : 0.5;
            trials.Add(new Trial(number, configuration, TrialState.Completed, [new TrialScore(1, score)], null, 1, null));
        }
        Assert.That(trials.Count(trial => trial.Configuration.Values["Pipeline"] == "as-is"), Is.EqualTo(1));
    }

    [Test]
    public void FirstTrials_ComeBeforeAllThatTheTunerProposes()
    {
        var study = new StudyDefinition
        {
            Name = "study",
            Space = Space,
            Tuner = TunerKind.Grid,
            FirstTrials = [new Dictionary<string, string> { ["Pipeline"] = "c" }, new Dictionary<string, string> { ["Pipeline"] = "c" }],
        };
        var trials = new List<Trial>();
        while (trials.Count < 4)
            trials.Add(new Trial(
                trials.Count, study.Propose(trials, null)!, TrialState.Completed, [new TrialScore(1, 0)], null, 1, null));
        Assert.That(trials.Select(trial => trial.Configuration.Values["Pipeline"]), Is.EqualTo(new[] { "c", "c", "a", "a" }));
        Assert.That(() => (study with { FirstTrials = [new Dictionary<string, string> { ["Pipeline"] = "a" }] }).Validate(),
            Throws.TypeOf<System.ComponentModel.DataAnnotations.ValidationException>().With.Message.Contains("a.L2"));
    }

    [Test]
    public void SearchParameter_Count_OfARangeThatIsTooWide_IsNull() =>
        Assert.That(new SearchSpace().AddInteger("x", 0, long.MaxValue / 2).Parameters[0].Count, Is.Null);
}
