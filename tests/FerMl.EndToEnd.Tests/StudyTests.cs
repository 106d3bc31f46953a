using System.Diagnostics;
using FerMl.Experiments;
using FerMl.Experiments.Tests;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>Workers in processes of their own at one study in PostgreSQL, killed at random.</summary>
[NonParallelizable]
public class StudyTests : FolderTests
{
    private const int Workers = 3;
    private const int Trials = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Test]
    public void WorkersThatAreKilledAtRandom_CompleteEveryTrialOnce()
    {
        using var server = PostgresServer.Start();
        string[] study = ["--study", server.Connection, "--folder", "trials", "--lease", "3"];
        // It begins the study, and has no time to work at it.
        var (exitCode, _, begun) = Command.Run(Folder.Root, Command.Ferml, ["experiment", "run", "--data", "synthetic", "--preset", "tiny", "--limit", "280", "--search", "LearningRate=0.001..0.01,log",
            "--tuner", "random", "--schedule", "none", "--epochs", "2", "--trials", $"{Trials}", "--minutes", "0", .. study]);
        Assert.That((exitCode, begun.Contains("was trained to the end so far", StringComparison.Ordinal)), Is.EqualTo((1, true)), begun);

        var store = StudyStore.Open(server.Connection);
        var (random, watch, kills) = (new Random(5), Stopwatch.StartNew(), 0);
        var workers = new Process?[Workers];
        try
        {
            while (!store.IsDone("study"))
            {
                Assert.That(watch.Elapsed, Is.LessThan(Limit), "the study comes to its end");
                for (var i = 0; i < Workers; i++)
                    if (workers[i] is null or { HasExited: true })
                    {
                        workers[i]?.Dispose();
                        workers[i] = Command.StartOn(null, Folder.Root, ["experiment", "worker", .. study], out _);
                    }
                new ManualResetEventSlim().Wait(random.Next(500, 3_000));
                // Two of them die now and then; the third is left alone, so that the test ends.
                if (random.Next(2) == 0 && kills++ < 6)
                    workers[random.Next(Workers - 1)]!.Kill();
            }
        }
        finally
        {
            foreach (var worker in workers.OfType<Process>())
            {
                if (!worker.HasExited)
                    worker.Kill();
                worker.Dispose();
            }
        }
        var trials = store.Trials("study");
        TestContext.Out.WriteLine($"{kills} kills, {trials.Sum(trial => trial.Attempts)} attempts, {watch.Elapsed.TotalSeconds:F0} s");
        Assert.That(trials.Select(trial => trial.Number), Is.EqualTo(Enumerable.Range(0, Trials)));
        Assert.That(trials.Select(trial => trial.State), Is.All.EqualTo(TrialState.Completed), string.Join("; ", trials.Select(trial => trial.Error)));
        Assert.That(trials.Select(trial => trial.Scores.Count), Is.All.EqualTo(1), "completed once");
        Assert.That(trials.Select(trial => trial.Score), Is.All.InRange(0.05, 1.0));
        Assert.That(kills, Is.GreaterThan(0));
    }
}
