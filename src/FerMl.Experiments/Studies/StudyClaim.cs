namespace FerMl.Experiments;

/// <summary>A trial claimed by a worker. No other worker gets it while the worker sends heartbeats.</summary>
/// <param name="Trial">The trial at the time of the claim.</param>
/// <param name="Epochs">Epochs to train it to.</param>
public sealed record StudyClaim(Trial Trial, int Epochs);
