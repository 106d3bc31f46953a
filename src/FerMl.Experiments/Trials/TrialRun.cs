namespace FerMl.Experiments;

/// <summary>A request to train a trial to a number of epochs, from scratch or resumed.</summary>
/// <param name="Number">The trial's number.</param>
/// <param name="Configuration">The configuration.</param>
/// <param name="Epochs">Number of epochs to reach.</param>
/// <param name="TotalEpochs">Epochs of a complete training, for which the learning rate schedule is planned.</param>
/// <param name="Seed">The study's seed.</param>
public sealed record TrialRun(int Number, Configuration Configuration, int Epochs, int TotalEpochs, int Seed);
