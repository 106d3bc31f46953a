namespace FerMl.Experiments.Tests;

public class RungsTests
{
    private static readonly StudyDefinition Study = new()
    {
        Name = "s",
        Space = new SearchSpace().AddRange("x", 0, 1),
        Epochs = 20,
        FirstEpochs = 2,
        Factor = 3,
    };

    [Test]
    public void Of_GrowsByTheFactorAndEndsWithAllEpochs()
    {
        Assert.That(Rungs.Of(Study, 0), Is.EqualTo(new[] { 2, 6, 18, 20 }));
        Assert.That(Rungs.Of(Study with { Schedule = ScheduleKind.None }, 0), Is.EqualTo(new[] { 20 }));
        Assert.That(Rungs.Of(Study with { FirstEpochs = 20 }, 0), Is.EqualTo(new[] { 20 }));
        Assert.That(Enumerable.Range(0, 5).Select(trial => Rungs.Of(Study with
        {
            Schedule = ScheduleKind.Hyperband,
        }, trial)[0]), Is.EqualTo(new[] { 2, 6, 18, 20, 2 }));
    }

    [Test]
    public void Next_IsOneOfTheBestThirdOfThoseThatReachedTheRung()
    {
        Assert.That(Rungs.Next(Study, [Paused(0, 0.5), Paused(1, 0.7)]), Is.Null, "two are too few to choose one of three");
        Assert.That(Rungs.Next(Study, [Paused(0, 0.5), Paused(1, 0.7), Paused(2, 0.6)])!.Number, Is.EqualTo(1));
        Assert.That(Rungs.Next(Study, [Paused(0, 0.5), Gone(1, 0.7), Paused(2, 0.6)]), Is.Null, "the best one continued already");
        Assert.That(Rungs.Next(
            Study, [Paused(0, 0.5), Gone(1, 0.7), Paused(2, 0.6), Paused(3, 0.1), Paused(4, 0.1), Paused(5, 0.1)])!.Number, Is.EqualTo(2));
    }

    [Test]
    public void Next_CountsTrialsThatWentOn_AmongTheBestOfTheirRung()
    {
        Trial[] trials = [.. Enumerable.Range(0, 6).Select(n => Paused(n, n / 10.0)), Gone(6, 0.7), Gone(7, 0.8), Gone(8, 0.9)];
        Assert.That(Rungs.Next(Study, trials), Is.Null, "the best three of nine continued");
    }

    [Test]
    public void Next_OfATrialThatIsPausedFurtherUp_ComparesItThereOnly()
    {
        var further = new Trial(3, new Configuration(), TrialState.Paused, [new(2, 0.9), new(6, 0.1)], null, 2, null);
        Assert.That(Rungs.Next(Study, [Paused(0, 0.5), Paused(1, 0.4), further]), Is.Null);
    }

    [Test]
    public void Next_TakesTheHighestRungFirst()
    {
        Trial[] trials = [.. Enumerable.Range(0, 9).Select(n => Paused(n, n / 10.0)), .. Enumerable.Range(9, 3)
            .Select(n => new Trial(n, new Configuration(), TrialState.Paused, [new(2, 0.99), new(6, n / 100.0)], null, 2, null))];
        Assert.That(Rungs.Next(Study, trials)!.Number, Is.EqualTo(11));
        Assert.That(Rungs.After(Study, trials[11]), Is.EqualTo(18));
    }

    private static Trial Paused(int number, double score) =>
        new(number, new Configuration(), TrialState.Paused, [new(2, score)], null, 1, null);

    private static Trial Gone(int number, double score) =>
        new(number, new Configuration(), TrialState.Running, [new(2, score)], "w", 2, null);
}
