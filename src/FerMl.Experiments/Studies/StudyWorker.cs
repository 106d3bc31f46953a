using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>Works at a study until there is nothing left to do. Any number of workers, in any number of processes, work at one.</summary>
public sealed class StudyWorker
{
    private readonly StudyStore _store;
    private readonly string _study;
    private readonly ITrialRunner _runner;
    private readonly StudyWorkerOptions _options;

    /// <summary>Makes a worker.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    public StudyWorker(StudyStore store, string study, ITrialRunner runner, StudyWorkerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrWhiteSpace(study);
        ArgumentNullException.ThrowIfNull(runner);
        (_store, _study, _runner, _options) = (store, study, runner, options ?? new StudyWorkerOptions());
        OptionsValidator.Check(_options);
    }

    /// <summary>
    /// Works until the study is done, the time is over, or it is stopped. A trial that fails doesn't end it; a full disk, or files that
    /// can't be written, do.
    /// </summary>
    /// <exception cref="ExperimentException">There is no such study, or its database can't be used.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the trial under way is given back.</exception>
    public void Run(CancellationToken cancellationToken = default)
    {
        var study = _store.Find(_study);
        // Stopped, a worker tries each change once, and doesn't wait for a server that is away: leases end by themselves.
        var store = _store.StoppedBy(cancellationToken);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (_options.Budget is not { } budget || watch.Elapsed < budget)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (store.Claim(_study, _options.Name, _options.Lease, _options.Tuner) is { } claim)
                Work(store, study, claim, cancellationToken);
            else if (store.IsDone(_study, _options.Tuner))
            {
                foreach (var paused in store.Trials(_study).Where(trial => trial.State == TrialState.Paused))
                    _runner.Abandon(paused.Number);
                return;
            }
            else
                cancellationToken.WaitHandle.WaitOne(_options.Wait);
        }
    }

    private void Work(StudyStore store, StudyDefinition study, StudyClaim claim, CancellationToken cancellationToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var third = _options.Lease / 3;
        using var heartbeat = new Timer(_ => StayAlive(claim, lost), null, third, third);
        try
        {
            var trial = claim.Trial;
            var score = _runner.Run(new TrialRun(trial.Number, trial.Configuration, claim.Epochs, study.Epochs, study.Seed), lost.Token);
            if (double.IsFinite(score))
                store.Report(_study, claim, score);
            else
                store.Fail(_study, claim, $"its score is {score.Invariant()}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            store.Release(_study, claim);
            throw;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // It was given to another worker while this one was silent.
            return;
        }
        // The worker that lost it is still at it: its training isn't to be disturbed, nor the trial failed for it.
        catch (InUseException)
        {
            store.Release(_study, claim);
            cancellationToken.WaitHandle.WaitOne(_options.Wait);
            return;
        }
        // Disk, memory and files are no result: the trial goes back, to be trained where there is room.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException or CheckpointException)
        {
            store.Release(_study, claim);
            throw new ExperimentException(
                $"Trial {claim.Trial.Number} of '{_study}' was given back, and this worker stops: {e.Message} Run it again when that is "
                    + $"mended.", e);
        }
        // A configuration may be one that nothing can be trained with; that is a result, and the study continues.
        catch (Exception e) when (e is not ExperimentException || _runner is PipelineTrialRunner)
        {
            store.Fail(_study, claim, e.Message);
        }
        var done = store.Trials(_study)[claim.Trial.Number];
        if (done.State is TrialState.Completed or TrialState.Failed)
            _runner.Abandon(done.Number);
        _options.Monitor?.Report(done);
    }

    private void StayAlive(StudyClaim claim, CancellationTokenSource lost)
    {
        try
        {
            if (!_store.Renew(_study, claim, _options.Lease))
                lost.Cancel();
        }
        catch (Exception e) when (e is ExperimentException or ObjectDisposedException)
        {
            // The database may be back before the lease is over; if not, the report will not be taken.
        }
    }
}
