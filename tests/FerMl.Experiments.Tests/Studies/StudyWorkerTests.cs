using FerMl.Tests;

namespace FerMl.Experiments.Tests;

public class StudyWorkerTests : FolderTests
{
    private StudyStore Begin()
    {
        var store = StudyStore.Open(Folder.Path("study.db"));
        store.Begin(new StudyDefinition
        {
            Name = "study",
            Space = new SearchSpace().AddRange("x", 0, 1),
            MaxTrials = 3,
            Epochs = 1,
            Tuner = TunerKind.Random,
        });
        return store;
    }

    [Test]
    public void Run_OnAFullDisk_GivesTheTrialBack_AndAnotherWorkerCompletesIt()
    {
        var store = Begin();
        var full = new Runner(() => throw new IOException("No space left on device"));
        Assert.That(() => new StudyWorker(store, "study", full).Run(),
            Throws.TypeOf<ExperimentException>().With.Message.Contains("was released").And.Message.Contains("No space left"));
        Assert.That(store.Trials("study").Single().State, Is.EqualTo(TrialState.Waiting));
        new StudyWorker(store, "study", new Runner(() => 0.5)).Run();
        Assert.That(store.Trials("study"), Has.Count.EqualTo(3));
        Assert.That(store.Trials("study").Select(trial => (trial.State, trial.Error)),
            Is.All.EqualTo((TrialState.Completed, (string?)null)));
    }

    [Test]
    public void Run_OfAConfigurationThatCantBeTrained_IsAResult()
    {
        var store = Begin();
        var number = 0;
        new StudyWorker(store, "study", new Runner(() => number++ == 0 ? throw new InvalidOperationException("no") : 0.5)).Run();
        Assert.That(store.Trials("study").Select(trial => trial.State),
            Is.EqualTo(new[] { TrialState.Failed, TrialState.Completed, TrialState.Completed }));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Run_OfATrialWhoseScoreIsNoNumber_IsFailed(double score)
    {
        var store = Begin();
        var number = 0;
        new StudyWorker(store, "study", new Runner(() => number++ == 0 ? score : 0.5)).Run();
        Assert.That(store.Trials("study").Select(trial => trial.State),
            Is.EqualTo(new[] { TrialState.Failed, TrialState.Completed, TrialState.Completed }));
        Assert.That(store.Trials("study")[0].Error, Does.StartWith("its score is "));
    }

    [Test]
    public void Run_OfATrialThatAnotherIsStillAt_GivesItBackForTheNext()
    {
        var store = Begin();
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var runner = new Runner(() =>
        {
            if (++calls == 1)
                throw new InUseException("another run is writing there", new IOException());
            stop.Cancel();
            throw new OperationCanceledException();
        });
        var worker = new StudyWorker(store, "study", runner, new StudyWorkerOptions { Wait = TimeSpan.FromMilliseconds(1) });
        Assert.That(() => worker.Run(stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(store.Trials("study").Select(trial => (trial.Number, trial.State, trial.Attempts)),
            Is.EqualTo(new[] { (0, TrialState.Waiting, 2) }));
    }

    [Test]
    public void Run_ToTheEndOfAStudy_AbandonsEveryTrial()
    {
        var store = StudyStore.Open(Folder.Path("halving.db"));
        store.Begin(new StudyDefinition
        {
            Name = "study",
            Space = new SearchSpace().AddRange("x", 0, 1),
            MaxTrials = 4,
            Epochs = 2,
            FirstEpochs = 1,
            Factor = 2,
            Tuner = TunerKind.Random,
        });
        var number = 0;
        var runner = new Runner(() => number++ == 0 ? throw new InvalidOperationException("no") : number);
        new StudyWorker(store, "study", runner).Run();
        Assert.That(store.Trials("study").Select(trial => trial.State),
            Is.SupersetOf(new[] { TrialState.Failed, TrialState.Completed, TrialState.Paused }));
        Assert.That(runner.Abandoned, Is.EquivalentTo(new[] { 0, 1, 2, 3 }));
        Assert.That(store.Trials("study").First(trial => trial.State == TrialState.Completed).Scores.Select(score => score.Epochs),
            Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Claim_OfATrialWhoseLeaseIsFarInTheFuture_IsGiven()
    {
        var store = Begin();
        store.Claim("study", "clock that is wrong", TimeSpan.FromDays(400));
        Assert.That(store.Claim("study", "another", TimeSpan.FromMinutes(1))!.Trial.Attempts, Is.EqualTo(2));
    }

    private sealed class Runner(Func<double> score) : ITrialRunner
    {
        public List<int> Abandoned { get; } = [];

        public double Run(TrialRun run, CancellationToken cancellationToken) => score();

        public void Abandon(int number) => Abandoned.Add(number);
    }
}
