using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>A worker that runs the trials of a study until it is done. Any number of workers and processes can share a study.</summary>
public sealed class StudyWorker
{
    private readonly StudyStore _store;
    private readonly string _study;
    private readonly ITrialRunner _runner;
    private readonly StudyWorkerOptions _options;

    /// <summary>Creates a worker.</summary>
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
    /// Runs trials until the study is done, the time is up or the worker is stopped. A failed trial doesn't end it; a full disk or files
    /// that can't be written do.
    /// </summary>
    /// <exception cref="ExperimentException">The study doesn't exist, or its database can't be used.</exception>
    /// <exception cref="OperationCanceledException">The worker was stopped; the running trial was released.</exception>
    public void Run(CancellationToken cancellationToken = default)
    {
        var study = _store.Find(_study);
        // After a stop, try each change once and don't wait for an unavailable server, because leases expire anyway.
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
            // Another worker got the trial, because this one sent no heartbeat in time.
            return;
        }
        // The worker that lost the trial still runs it: don't disturb its training, and don't fail the trial.
        catch (InUseException)
        {
            store.Release(_study, claim);
            cancellationToken.WaitHandle.WaitOne(_options.Wait);
            return;
        }
        // Disk, memory and file errors aren't results: release the trial for a worker with more resources.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException or CheckpointException)
        {
            store.Release(_study, claim);
            throw new ExperimentException(
                $"Trial {claim.Trial.Number} of '{_study}' was released, and this worker stops: {e.Message} Fix that, "
                    + $"then run it again.", e);
        }
        // A configuration that can't be trained counts as a result, and the study continues.
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
            // The database may be available again before the lease ends; if not, the report will be rejected.
        }
    }
}
