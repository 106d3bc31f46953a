using System.Diagnostics;
using FerMl.Experiments;
using FerMl.Experiments.Tests;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>Worker processes of one study in PostgreSQL, killed at random.</summary>
[NonParallelizable]
public class StudyTests : FolderTests
{
    private const int Workers = 3;
    private const int Trials = 6;
    private const int Kills = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Test]
    public void WorkersThatAreKilledAtRandom_CompleteEveryTrialOnce()
    {
        using var server = PostgresServer.Start();
        string[] study = ["--study", server.Connection, "--folder", "trials", "--lease", "3"];
        // Creates the study; the time budget of 0 minutes allows no trial.
        var (exitCode, _, begun) = Command.Run(
            Folder.Root, Command.Ferml,
            ["experiment", "run", "--data", "synthetic", "--preset", "tiny", "--limit", "280", "--search", "LearningRate=0.001..0.01,log",
            "--tuner", "random", "--schedule", "none", "--epochs", "2", "--trials", $"{Trials}", "--minutes", "0", .. study]);
        Assert.That((exitCode, begun.Contains("has completed yet", StringComparison.Ordinal)), Is.EqualTo((1, true)), begun);

        var store = StudyStore.Open(server.Connection);
        var (watch, workers) = (Stopwatch.StartNew(), new List<Process>());
        try
        {
            // Kills each of these workers during a trial. Three more run undisturbed afterwards.
            for (var kill = 0; kill < Kills; kill++)
            {
                var worker = Start();
                var before = Attempts();
                Until(() => worker.HasExited || Attempts() > before, "a trial is begun");
                worker.WaitForExit(40 * kill);
                worker.Kill();
                worker.WaitForExit();
            }
            Assert.That(store.Trials("study").Count(trial => trial.State == TrialState.Running), Is.GreaterThan(0),
                "trials of killed workers wait until their leases expire");
            for (var i = 0; i < Workers; i++)
                Start();
            Until(() => store.IsDone("study"), "the study comes to its end");
        }
        finally
        {
            foreach (var worker in workers)
            {
                if (!worker.HasExited)
                    worker.Kill();
                worker.Dispose();
            }
        }
        var trials = store.Trials("study");
        TestContext.Out.WriteLine($"{trials.Sum(trial => trial.Attempts)} attempts, {watch.Elapsed.TotalSeconds:F0} s");
        Assert.That(trials.Select(trial => trial.Number), Is.EqualTo(Enumerable.Range(0, Trials)));
        Assert.That(trials.Select(trial => trial.State), Is.All.EqualTo(TrialState.Completed),
            string.Join("; ", trials.Select(trial => trial.Error)));
        Assert.That(trials.Select(trial => trial.Scores.Count), Is.All.EqualTo(1), "completed once");
        Assert.That(trials.Select(trial => trial.Score), Is.All.InRange(0.05, 1.0));
        Assert.That(trials.Sum(trial => trial.Attempts), Is.GreaterThan(Trials), "some trials started twice");

        Process Start()
        {
            workers.Add(Command.StartOn(null, Folder.Root, ["experiment", "worker", .. study], out _));
            return workers[^1];
        }

        int Attempts() => store.Trials("study").Sum(trial => trial.Attempts);

        void Until(Func<bool> isSo, string what)
        {
            while (!isSo())
            {
                Assert.That(watch.Elapsed, Is.LessThan(Limit), what);
                new ManualResetEventSlim().Wait(20);
            }
        }
    }

    [Test]
    public void AStudyOfFortyPipelines_ThatIsKilledAgainAndAgain_CompletesEveryTrialOnce()
    {
        const int trials = 40;
        foreach (var face in AutoBenchmark.Mouths(60, 1).Samples)
            Folder.Write($"mouths/{face.Label}/{face.Index}.png", FaceFiles.Png(face.Pixels));
        string[] arguments = [
            "auto", "--data", "mouths", "--pipelines", "head,lbfgs,sdca", "--trials", $"{trials}", "--minutes", "5", "--out", "model.zip"];
        var database = Folder.Path("model-study/study.db");
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = Attempts();
            using var process = Command.StartOn(null, Folder.Root, arguments, out _);
            var watch = Stopwatch.StartNew();
            while (!process.HasExited && Attempts() <= before + kill && watch.Elapsed < Limit)
                new ManualResetEventSlim().Wait(5);
            process.Kill();
            process.WaitForExit();
        }
        Assert.That(File.Exists(Folder.Path("model.zip")), Is.False, "every run was killed before its end");
        // A killed worker's trial waits until its lease of one minute expires; its completed trials remain.
        var (exitCode, output, error) = Command.Run(Folder.Root, Command.Ferml, arguments);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain("model.zip"));
        var all = StudyStore.Open(database, create: false).Trials("auto");
        Assert.That(all.Select(trial => trial.Number), Is.EqualTo(Enumerable.Range(0, trials)));
        Assert.That(all.Select(trial => (trial.State, trial.Scores.Count)), Is.All.EqualTo((TrialState.Completed, 1)));
        Assert.That(EmotionModel.Load(Folder.Path("model.zip")).Labels, Is.EqualTo(new[] { "open", "shut" }));

        int Attempts()
        {
            try
            {
                return File.Exists(database)
                    ? StudyStore.Open(database, create: false).Trials("auto").Sum(trial => trial.Attempts) : 0;
            }
            catch (ExperimentException)
            {
                // The study doesn't exist yet.
                return 0;
            }
        }
    }
}
