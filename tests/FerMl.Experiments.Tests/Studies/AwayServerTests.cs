namespace FerMl.Experiments.Tests;

/// <summary>A server that is unavailable for a while, as during an update.</summary>
public class AwayServerTests
{
    private static readonly StudyDefinition Study = new()
    {
        Name = "study",
        Space = new SearchSpace().AddRange("x", 0, 1),
        MaxTrials = 12,
        Epochs = 1,
        Tuner = TunerKind.Random,
    };

    [Test]
    public void Run_ServerAwayForThreeSeconds_GoesOn()
    {
        using var server = PostgresServer.Start();
        var store = StudyStore.Open(server.Connection);
        store.Begin(Study);
        var begun = new ManualResetEventSlim();
        var workers = Enumerable.Range(0, 2).Select(i => Task.Run(() => new StudyWorker(
            store, Study.Name, new Runner(begun), new StudyWorkerOptions { Name = $"w{i}", Wait = TimeSpan.FromMilliseconds(50) }).Run()))
            .ToArray();
        begun.Wait();
        server.Stop();
        Thread.Sleep(3000);
        server.StartAgain();
        Assert.That(() => Task.WaitAll(workers), Throws.Nothing);
        Assert.That(store.Trials(Study.Name).Select(trial => trial.State), Is.All.EqualTo(TrialState.Completed));
    }

    [Test]
    public void Run_ServerAwayForGood_EndsWithATypedError()
    {
        using var server = PostgresServer.Start();
        var store = StudyStore.Open(server.Connection, create: true, patience: TimeSpan.FromSeconds(1));
        store.Begin(Study);
        server.Stop();
        Assert.That(() => store.Trials(Study.Name), Throws.TypeOf<ExperimentException>().With.Message.Contains(
            "the PostgreSQL database 'postgres' at 127.0.0.1: the study's database can't be used"));
        server.StartAgain();
    }

    /// <remarks>The store retries for 15 minutes, which is longer than any test takes.</remarks>
    [Test]
    public void Run_StoppedWhileTheServerIsAway_EndsAtOnce()
    {
        using var server = PostgresServer.Start();
        var store = StudyStore.Open(server.Connection, create: true, patience: TimeSpan.FromMinutes(15));
        store.Begin(Study);
        var begun = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var worker = Task.Run(() => new StudyWorker(store, Study.Name, new Runner(begun)).Run(stop.Token));
        begun.Wait();
        server.Stop();
        stop.Cancel();
        Assert.That(async () => await worker.WaitAsync(TimeSpan.FromMinutes(2)), Throws.InstanceOf<OperationCanceledException>());
        server.StartAgain();
    }

    private sealed class Runner(ManualResetEventSlim begun) : ITrialRunner
    {
        public double Run(TrialRun run, CancellationToken cancellationToken)
        {
            begun.Set();
            Thread.Sleep(300);
            return run.Number;
        }

        public void Abandon(int number)
        {
        }
    }
}
