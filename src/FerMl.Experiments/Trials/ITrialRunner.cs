namespace FerMl.Experiments;

/// <summary>Does the work of a trial.</summary>
public interface ITrialRunner
{
    /// <summary>Trains a trial.</summary>
    /// <param name="run">The trial, and how far to train it; what was trained before is resumed.</param>
    /// <param name="cancellationToken">Stops the work; what was trained is kept, to be resumed.</param>
    /// <returns>The study's metric, in which more is better.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    double Run(TrialRun run, CancellationToken cancellationToken);

    /// <summary>A trial won't be resumed: what was kept for that can go. It may be said more than once.</summary>
    /// <param name="number">The trial's number.</param>
    void Abandon(int number);
}
