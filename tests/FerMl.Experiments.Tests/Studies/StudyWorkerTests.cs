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
            Throws.TypeOf<ExperimentException>().With.Message.Contains("was given back").And.Message.Contains("No space left"));
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

    [Test]
    public void Claim_OfATrialWhoseLeaseIsFarInTheFuture_IsGiven()
    {
        var store = Begin();
        store.Claim("study", "clock that is wrong", TimeSpan.FromDays(400));
        Assert.That(store.Claim("study", "another", TimeSpan.FromMinutes(1))!.Trial.Attempts, Is.EqualTo(2));
    }

    private sealed class Runner(Func<double> score) : ITrialRunner
    {
        public double Run(TrialRun run, CancellationToken cancellationToken) => score();

        public void Abandon(int number)
        {
        }
    }
}
