namespace FerMl.Experiments;

/// <summary>A trial that a worker has taken. Nobody else gets it while the worker gives heartbeats.</summary>
/// <param name="Trial">The trial as it was taken.</param>
/// <param name="Epochs">Epochs to train it to.</param>
public sealed record StudyClaim(Trial Trial, int Epochs);
