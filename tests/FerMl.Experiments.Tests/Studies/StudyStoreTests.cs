using FerMl.Tests;

namespace FerMl.Experiments.Tests;

/// <summary>The same tests on both databases.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class StudyStoreTests(bool isPostgres) : FolderTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly SearchSpace Square = new SearchSpace().AddRange("x", 0, 1).AddRange("y", 0, 1);
    private static int _studies;

    private PostgresServer? _server;
    private StudyStore _store = null!;
    private StudyDefinition _study = null!;

    [OneTimeSetUp]
    public void StartServer() => _server = isPostgres ? PostgresServer.Start() : null;

    [OneTimeTearDown]
    public void StopServer() => _server?.Dispose();

    [SetUp]
    public void Begin()
    {
        _store = StudyStore.Open(_server?.Connection ?? Folder.Path("study.db"));
        _study = new StudyDefinition
        {
            Name = $"study-{++_studies}",
            Space = new SearchSpace().AddRange("x", 0, 1),
            MaxTrials = 9,
            Epochs = 9,
            Tuner = TunerKind.Random,
        };
        _store.Begin(_study);
    }

    [Test]
    public void Begin_OfTheSameStudyAgain_GoesOn_AndOfAnotherOfThatNameIsRefused()
    {
        _store.Begin(_study);
        Assert.That(() => _store.Begin(_study with { Epochs = 10 }),
            Throws.TypeOf<ExperimentException>().With.Message.Contains("with epochs 9, not 10"));
        Assert.That(() => _store.Begin(_study with { Metric = StudyMetric.LogLoss, Space = _study.Space.AddRange("z", 0, 1) }),
            Throws.TypeOf<ExperimentException>().With.Message.Contains("metric ").And.Message.Contains("another search space"));
        _store.Begin(_study with { MaxTrials = 12 });
        Assert.That(_store.Find(_study.Name).MaxTrials, Is.EqualTo(12), "more trials extend it");
        _store.Begin(_study);
        Assert.That(_store.Find(_study.Name).MaxTrials, Is.EqualTo(12), "fewer trials don't shorten it");
        Assert.That(_store.Find(_study.Name).Space.Parameters, Has.Count.EqualTo(1));
        Assert.That(_store.List().Select(study => study.Definition.Name), Does.Contain(_study.Name));
        Assert.That(() => _store.Find("nothing"),
            Throws.TypeOf<ExperimentException>().With.Message.StartsWith("There is no study 'nothing' in the database; it has "));
    }

    [Test]
    public void ADatabaseThatWasDeleted_IsAnError_AndIsNotMadeAgainEmpty()
    {
        if (isPostgres)
            Assert.Ignore("a server's database has no file");
        File.Delete(Folder.Path("study.db"));
        Assert.That(() => _store.Claim(_study.Name, "worker", Long),
            Throws.TypeOf<ExperimentException>().With.Message.StartsWith(Folder.Path("study.db")));
        Assert.That(File.Exists(Folder.Path("study.db")), Is.False);
    }

    [Test]
    public void Claim_OfManyWorkersAtOnce_GivesEachTrialOnce()
    {
        var claims = new System.Collections.Concurrent.ConcurrentBag<int>();
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, worker =>
        {
            while (_store.Claim(_study.Name, $"w{worker}", Long) is { } claim)
                claims.Add(claim.Trial.Number);
        });
        Assert.That(claims, Is.EquivalentTo(Enumerable.Range(0, 9)));
        Assert.That(_store.IsDone(_study.Name), Is.False, "all trials are running");
    }

    [Test]
    public void Report_PausesTheTrial_AndTheBestGoesOn()
    {
        for (var i = 0; i < 3; i++)
            Assert.That(_store.Report(_study.Name, _store.Claim(_study.Name, "w", Long)!, i == 1 ? 0.9 : 0.1), Is.True);
        var next = _store.Claim(_study.Name, "w", Long)!;
        Assert.That((next.Trial.Number, next.Epochs, next.Trial.Attempts), Is.EqualTo((1, 3, 2)));
        Assert.That(_store.Trials(_study.Name).Select(trial => trial.State),
            Is.EqualTo(new[] { TrialState.Paused, TrialState.Running, TrialState.Paused }));
    }

    /// <summary>A worker restarted under the same name isn't the one whose lease expired.</summary>
    [Test]
    public void Claim_ByTheSameWorkerAgain_IsAnotherAttempt_AndTheFormersReportIsNotTaken()
    {
        var first = _store.Claim(_study.Name, "same", TimeSpan.FromMilliseconds(1))!;
        new ManualResetEventSlim().Wait(50);
        var second = _store.Claim(_study.Name, "same", Long)!;
        Assert.That((first.Trial.Number, first.Trial.Attempts, second.Trial.Number, second.Trial.Attempts), Is.EqualTo((0, 1, 0, 2)));
        Assert.That(_store.Report(_study.Name, first, 0.9), Is.False);
        Assert.That(_store.Renew(_study.Name, first, Long), Is.False);
        Assert.That(_store.Trials(_study.Name)[0].State, Is.EqualTo(TrialState.Running));
        Assert.That(_store.Report(_study.Name, second, 0.2), Is.True);
    }

    [Test]
    public void Claim_AfterALeaseIsOver_GivesTheTrialToAnother_AndTheLateReportIsNotTaken()
    {
        var first = _store.Claim(_study.Name, "dead", TimeSpan.FromMilliseconds(1))!;
        new ManualResetEventSlim().Wait(50);
        var second = _store.Claim(_study.Name, "alive", Long)!;
        Assert.That((second.Trial.Number, second.Epochs, second.Trial.Attempts), Is.EqualTo((first.Trial.Number, first.Epochs, 2)));
        Assert.That((_store.Renew(_study.Name, first, Long), _store.Report(_study.Name, first, 0.1)), Is.EqualTo((false, false)));
        Assert.That(_store.Renew(_study.Name, second, Long), Is.True);
        Assert.That(_store.Report(_study.Name, second, 0.8), Is.True);
        Assert.That(_store.Trials(_study.Name)[0].Scores, Is.EqualTo(new[] { new TrialScore(1, 0.8) }));
        Assert.That(_store.Report(_study.Name, second, 0.9), Is.False, "a claim is reported once");
    }

    [Test]
    public void Renew_KeepsATrialFromOthers()
    {
        // An expired lease stays its worker's until another worker claims the trial, so slow machines can't fail this test.
        var claim = _store.Claim(_study.Name, "w", TimeSpan.FromMilliseconds(1))!;
        Assert.That(_store.Renew(_study.Name, claim, Long), Is.True);
        new ManualResetEventSlim().Wait(50);
        Assert.That(_store.Claim(_study.Name, "other", Long)!.Trial.Number, Is.EqualTo(1));
    }

    [Test]
    public void Release_GivesTheTrialBack_AndFailEndsIt()
    {
        var claim = _store.Claim(_study.Name, "w", Long)!;
        Assert.That(_store.Release(_study.Name, claim), Is.True);
        claim = _store.Claim(_study.Name, "w", Long)!;
        Assert.That((claim.Trial.Number, _store.Fail(_study.Name, claim, "too hot")), Is.EqualTo((0, true)));
        var failed = _store.Trials(_study.Name)[0];
        Assert.That((failed.State, failed.Error), Is.EqualTo((TrialState.Failed, "too hot")));
    }

    [Test]
    public void Workers_TakeAStudyToItsEnd()
    {
        var runner = new FunctionRunner(run => double.Parse(run.Configuration.Values["x"]) + run.Epochs / 100.0);
        Parallel.For(0, 3, _ => new StudyWorker(_store, _study.Name, runner, new StudyWorkerOptions
        {
            Wait = TimeSpan.FromMilliseconds(5),
        }).Run());
        var trials = _store.Trials(_study.Name);
        Assert.That(_store.IsDone(_study.Name), Is.True);
        Assert.That(trials, Has.Count.EqualTo(9));
        Assert.That(trials.Count(trial => trial.State == TrialState.Completed), Is.GreaterThanOrEqualTo(1));
        Assert.That(trials.Select(trial => trial.State), Is.All.EqualTo(TrialState.Completed).Or.EqualTo(TrialState.Paused));
        // Each rung of each trial ran once.
        Assert.That(runner.Runs.Select(run => (run.Number, run.Epochs)), Is.Unique);
        Assert.That(runner.Ended, Is.SupersetOf(trials.Select(trial => trial.Number)));
    }

    [Test]
    public void Worker_WithTrialsThatFail_GoesOn()
    {
        var runner = new FunctionRunner(
            run => run.Number % 2 == 0 ? throw new FerMl.Training.TrainingException("the loss is NaN") : run.Number == 1 ? double.NaN
            : 0.5);
        new StudyWorker(_store, _study.Name, runner, new StudyWorkerOptions { Wait = TimeSpan.FromMilliseconds(5) }).Run();
        var trials = _store.Trials(_study.Name);
        Assert.That(trials.Where(trial => trial.Number % 2 == 0).Select(trial => trial.Error), Is.All.EqualTo("the loss is NaN"));
        Assert.That(trials[1].Error, Is.EqualTo("its score is NaN"));
        Assert.That(_store.IsDone(_study.Name), Is.True);
    }

    [Test]
    public void Worker_ThatIsStopped_GivesItsTrialBack()
    {
        using var stop = new CancellationTokenSource();
        var runner = new FunctionRunner(_ =>
        {
            stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
            return 0;
        });
        Assert.That(() => new StudyWorker(_store, _study.Name, runner).Run(stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_store.Trials(_study.Name).Single().State, Is.EqualTo(TrialState.Waiting));
    }

    [Test]
    public void Worker_WhoseTimeIsOver_BeginsNoFurtherTrial()
    {
        var runner = new FunctionRunner(_ => 0.5);
        new StudyWorker(_store, _study.Name, runner, new StudyWorkerOptions { Budget = TimeSpan.Zero }).Run();
        Assert.That(runner.Runs, Is.Empty);
    }

    [Test, Category("Slow")]
    public void SuccessiveHalving_FindsBetterThanRandomSearchInAsManyEpochs()
    {
        // Simulates trainings: the score approaches its maximum with the epochs, plus a little noise.
        var runner = new FunctionRunner(
            run => Height(run) * (1 - Math.Exp(-run.Epochs / 2.0)) + 0.005 * new Random(run.Number * 100 + run.Epochs + run.Seed * 10_000)
            .NextDouble());
        var better = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var halving = Best(_study with
            {
                Name = $"{_study.Name}-h{seed}",
                Space = Square,
                Seed = seed,
                MaxTrials = 30,
            }, out var epochs);
            var random = Best(_study with
            {
                Name = $"{_study.Name}-r{seed}",
                Space = Square,
                Seed = seed + 100,
                MaxTrials = (epochs + 8) / 9,
                Schedule = ScheduleKind.None,
            }, out _);
            better += halving > random ? 1 : 0;
        }
        Assert.That(better, Is.GreaterThanOrEqualTo(8), "by chance, 8 of 10 or more occur in 5 % of cases");

        static double Height(TrialRun run) =>
            1 - Math.Pow(double.Parse(run.Configuration.Values["x"]) - 0.7, 2) - Math.Pow(
                double.Parse(run.Configuration.Values["y"]) - 0.4, 2);

        double Best(StudyDefinition study, out int epochs)
        {
            _store.Begin(study);
            new StudyWorker(_store, study.Name, runner, new StudyWorkerOptions { Wait = TimeSpan.FromMilliseconds(1) }).Run();
            var trials = _store.Trials(study.Name);
            epochs = trials.Sum(trial => trial.Epochs);
            return Height(new TrialRun(0, StudyResult.BestOf(trials)!.Configuration, 0, 0, 0));
        }
    }

    private sealed class FunctionRunner(Func<TrialRun, double> score) : ITrialRunner
    {
        public System.Collections.Concurrent.ConcurrentBag<TrialRun> Runs { get; } = [];
        public System.Collections.Concurrent.ConcurrentBag<int> Ended { get; } = [];

        public double Run(TrialRun run, CancellationToken cancellationToken)
        {
            Runs.Add(run);
            return score(run);
        }

        public void Abandon(int number) => Ended.Add(number);
    }
}
