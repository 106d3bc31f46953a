namespace FerMl.Experiments;

/// <summary>Runs trials.</summary>
public interface ITrialRunner
{
    /// <summary>Trains a trial and scores it.</summary>
    /// <param name="run">The trial and its epoch budget; earlier training is resumed.</param>
    /// <param name="cancellationToken">Stops the training, which can be resumed later.</param>
    /// <returns>The study's metric; higher is better.</returns>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    double Run(TrialRun run, CancellationToken cancellationToken);

    /// <summary>Deletes the state for resuming a trial, which won't be resumed. It may be called more than once.</summary>
    /// <param name="number">The trial's number.</param>
    void Abandon(int number);
}
