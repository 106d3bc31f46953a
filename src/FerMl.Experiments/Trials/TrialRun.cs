namespace FerMl.Experiments;

/// <summary>What a worker is asked to do: to train a trial to a number of epochs, from the beginning or from where it was left.</summary>
/// <param name="Number">The trial's number.</param>
/// <param name="Configuration">The values that it tries.</param>
/// <param name="Epochs">Epochs to have been trained when it ends.</param>
/// <param name="TotalEpochs">Epochs of a whole training, for which learning rates are planned.</param>
/// <param name="Seed">The study's seed.</param>
public sealed record TrialRun(int Number, Configuration Configuration, int Epochs, int TotalEpochs, int Seed);
